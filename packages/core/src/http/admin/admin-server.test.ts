import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Daemon } from '../../daemon/daemon.js'
import { type Role, createToken, revokeToken, roles } from '../../daemon/tokens.js'
import type { Json, JsonObject } from '../../kernel/json.js'
import { fixedClock, type Instant } from '../../kernel/clock.js'
import { isCdpError } from '../../kernel/error.js'
import { silentLog } from '../../kernel/log.js'
import { findShapeProblems } from '../../kernel/shape.js'
import { param, sqlText } from '../../kernel/sql-text.js'
import type { OpenDestination } from '../../plugins/sdk.js'
import type { Store } from '../../stores/store.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../../testing/a-project.js'
import { aStore, testNow } from '../../testing/a-store.js'
import { anEventsSource } from '../../testing/an-events-source.js'
import { toOpenApi } from './open-api.js'
import type { AdminRoute } from './route.js'
import { routes } from './routes.js'
import { adminServer } from './server.js'
import { problem } from './shapes.js'

const project = aProject({
  sources: [anEventsSource('web')],
  segments: [aSegment('known', '$exists(person.email)', { lane: 'streaming', activate: [anActivation('shop')] })],
  destinations: [aDestination('shop')],
})
const document = 'docs/reference/openapi.json'

describe('admin API', () => {
  let store: Store
  let daemon: Daemon
  let server: FastifyInstance
  let url: string
  let slow: FastifyInstance
  let tokens: Readonly<Record<Role, string>>

  before(async () => {
    store = await aStore()
    const clock = fixedClock(testNow)
    await store.transaction((tx) => tx.run(sqlText`insert into applied values (1, ${param(testNow)}::timestamp, ${param(JSON.stringify({ ...anApplied(project), serial: 1, at: testNow }))})`))
    const refuse: OpenDestination['upsert'] = ({ items }) => Promise.resolve({ items: items.map(({ key }) => ({ key, status: 'rejected', code: 'no', message: 'refused' })) })
    const open: OpenDestination = { check: () => Promise.resolve({ ok: true }), upsert: refuse, remove: refuse }
    const capabilities = { identities: ['email'], maxBatch: 100, idempotent: true, createsMissing: true, readBack: 'none' as const, asyncJobs: false, limits: [], defaultPayload: '{}' }
    let id = 0
    const newId = (): string => `run-${String(++id)}`
    daemon = await Daemon.start({
      store, clock, log: silentLog, random: () => 0.5, newId, limits: { flushAfterMs: 1 },
      openConnectors: () => Promise.resolve({ openSource: () => { throw new Error('nothing is pulled') }, isContinuous: () => true, openDestination: () => ({ open, capabilities }), close: () => Promise.resolve() }),
    })
    await daemon.collect(1, [
      { stream: 'people', change: { op: 'upsert', record: { userId: 'u/1', traits: { email: 'ada@x.example', firstName: 'Ada' } } } },
      { stream: 'people', change: { op: 'upsert', record: { traits: {} } } },
      { stream: 'people', change: { op: 'upsert', record: { userId: 'eve', traits: { email: 'eve@x.example' } } } },
    ], 10)
    await daemon.run({ pullsNothing: true })
    const sandbox = {
      name: 'dev', store: await store.connect(), clock, applied: () => daemon.applied, queuedRuns: () => ['later'], newId, deleteProfile: (...which: Parameters<Daemon['deleteProfile']>) => daemon.deleteProfile(...which), accept: () => undefined,
      startRun: () => 'later',
    }
    const made: Partial<Record<Role, string>> = {}
    for (const [index, role] of roles.entries()) made[role] = (await createToken(store, { name: role, role, secret: Buffer.alloc(32, index + 1), at: clock.now() })).value
    tokens = made as Record<Role, string>
    server = adminServer({ sandboxes: () => Promise.resolve([sandbox]), log: silentLog })
    slow = adminServer({ sandboxes: () => Promise.resolve([sandbox]), log: silentLog, slowestRequestMs: 300 })
    url = await server.listen({ host: '127.0.0.1', port: 0 })
  })
  after(async () => {
    await server.close()
    await slow.close()
    await daemon.stop()
    await store.close()
  })

  interface Answer {
    readonly status: number
    readonly type: string
    readonly body: Json
  }

  const ask = async (method: string, path: string, { token, body }: { readonly token?: string; readonly body?: Json } = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { method, headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return { status: response.status, type: response.headers.get('content-type')?.split(';')[0] ?? '', body: (await response.json()) as Json }
  }
  const get = (path: string): Promise<Answer> => ask('GET', path, { token: tokens.read })

  // A path and a body for which there is something to tell.
  const asked: Readonly<Record<string, readonly [path: string, body?: Json]>> = {
    getRun: ['/v1/runs/last'], startRun: ['/v1/runs', { only: 'Segment/known', dryRun: true }], listSegmentSizes: ['/v1/segments/known/sizes'], getProfile: ['/v1/profiles/email:ada@x.example'], exportProfile: ['/v1/profiles/email:ada@x.example/export'], deleteProfile: ['/v1/profiles/email:eve@x.example?allowReturn=true'],
    retryDeliveries: ['/v1/deliveries/retry', { destination: 'shop' }], skipDeliveries: ['/v1/deliveries/skip', { ids: ['none'] }], getPlan: ['/v1/plans/1'],
  }
  const pathOf = (route: AdminRoute): string => asked[route.name]?.[0] ?? route.path

  for (const route of routes) {
    it(`${route.name} answers as it is described, to ${route.role} and nobody below`, async () => {
      const body = asked[route.name]?.[1]
      const request = body === undefined ? {} : { body }
      const answer = await ask(route.method, pathOf(route), { ...request, token: tokens[route.role] })
      assert.deepEqual([answer.status, findShapeProblems(route.gives, answer.body)], [route.status ?? 200, []])
      const refused = [await ask(route.method, pathOf(route), request), await ask(route.method, pathOf(route), { ...request, token: `${tokens.admin.slice(0, -1)}x` })]
      for (const role of roles.slice(0, roles.indexOf(route.role))) refused.push(await ask(route.method, pathOf(route), { ...request, token: tokens[role] }))
      assert.deepEqual(refused.map((each) => each.status), [401, 401, ...roles.slice(0, roles.indexOf(route.role)).map(() => 403)])
      for (const each of refused) assert.deepEqual([each.type, findShapeProblems(problem, each.body)], ['application/problem+json', []])
    })
  }

  it('tells what happened', async () => {
    const body = async (path: string): Promise<JsonObject> => (await get(path)).body as JsonObject
    assert.deepEqual((await body('/v1/segments/known/sizes'))['sizes'], [{ at: testNow, run: 'run-2', members: 2 }])
    const { identities, components } = (await body('/v1/profiles/b2b_person:u%2F1@web.Events')) as { identities: Json; components: readonly JsonObject[] }
    assert.deepEqual([identities, components.map(({ sourceKey, source, stream }) => [sourceKey, source, stream])], [[{ namespace: 'b2b_person', value: 'u/1@web.Events' }, { namespace: 'email', value: 'ada@x.example' }], [['u/1@web.Events', 'web', 'people']]])
    assert.deepEqual(((await body('/v1/quarantine?source=web&limit=1'))['records'] as readonly JsonObject[]).map((each) => each['code']), ['record/no-key'])
    assert.deepEqual(((await body('/v1/deliveries'))['counts'] as readonly JsonObject[]).map((each) => [each['destination'], each['code']]), [['shop', 'no']])
    assert.deepEqual((await body('/v1/plans/1'))['changes'], ['Source/web', 'Destination/shop', 'Segment/known'].map((address) => ({ address, action: 'create' })))
    assert.equal((await body('/v1/runs/later'))['status'], 'queued')
  })

  const wrong: readonly (readonly [what: string, method: string, path: string, body: Json | undefined, status: number])[] = [
    ['an unknown path', 'GET', '/v1/nothing', undefined, 404], ['somebody unknown', 'GET', '/v1/profiles/email:nobody@x.example', undefined, 404], ['what is no identity', 'GET', '/v1/profiles/nobody', undefined, 404],
    ['a run that is not there', 'GET', '/v1/runs/nothing', undefined, 404], ['a segment that is not there', 'GET', '/v1/segments/nothing/sizes', undefined, 404], ['a state that is not kept', 'GET', '/v1/plans/99', undefined, 404],
    ['a parameter that is not known', 'GET', '/v1/runs?bogus=1', undefined, 400], ['a limit beyond the limit', 'GET', '/v1/runs?limit=100000', undefined, 400], ['a serial that is no number', 'GET', '/v1/plans/one', undefined, 400],
    ['a key that is not known', 'POST', '/v1/runs', { everything: true }, 400], ['no choice of deliveries', 'POST', '/v1/deliveries/skip', {}, 400],
    ['a way out of the paths', 'GET', '/v1/../../etc/passwd', undefined, 404], ['an encoded way out', 'GET', '/v1/profiles/..%2f..%2fetc%2fpasswd', undefined, 404], ['a doubly encoded one', 'GET', '/v1/runs/%252e%252e%252fstore.duckdb', undefined, 404],
    ['a path that cannot be decoded', 'GET', '/v1/profiles/%E0%A4%A', undefined, 400], ['SQL in a name', 'GET', `/v1/segments/${encodeURIComponent("x' or 1=1; drop table token; --")}/sizes`, undefined, 404], ['a name of the language', 'GET', '/v1/segments/__proto__/sizes', undefined, 404],
    ['a body that is too large', 'POST', '/v1/runs', { only: `Segment/${'x'.repeat(70_000)}` }, 413],
  ]
  for (const [what, method, path, body, status] of wrong) {
    it(`refuses ${what}, and goes on`, async () => {
      const answer = await ask(method, path, { token: tokens.admin, ...(body === undefined ? {} : { body }) })
      assert.deepEqual([answer.status, answer.type, findShapeProblems(problem, answer.body)], [status, 'application/problem+json', []])
      assert.equal((await get('/v1/status')).status, 200)
    })
  }

  const raw = async (text: string, to = url): Promise<string> => {
    const socket = connect(Number(new URL(to).port), '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (part: string) => { answer += part }).on('error', () => undefined)
    socket.write(text)
    await once(socket, 'close')
    return answer.split('\r\n', 1)[0] ?? ''
  }
  const authorized = (): string => `Host: x\r\nAuthorization: Bearer ${tokens.admin}\r\n`

  it('refuses requests that are no HTTP, that hide another one, or whose headers are too large', async () => {
    assert.match(await raw(`GET /v1/status HTTP/1.1\r\n${authorized()}X-A: 1\nX-Injected: 2\r\nConnection: close\r\n\r\n`), / 400 /)
    assert.match(await raw(`POST /v1/runs HTTP/1.1\r\n${authorized()}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/status HTTP/1.1\r\n\r\n`), / 400 /)
    assert.match(await raw(`GET /v1/status HTTP/1.1\r\n${authorized()}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`), / 431 /)
    assert.match(await raw(`GET /v1/runs/x%0d%0aSet-Cookie:%20a HTTP/1.1\r\n${authorized()}Connection: close\r\n\r\n`), / 404 /)
    assert.match(await raw('\u0016\u0003\u0001garbage\r\n\r\n'), / 400 /)
    assert.equal((await get('/v1/status')).status, 200)
  })

  it('lets nobody hold a connection by sending slowly', async () => {
    const to = await slow.listen({ host: '127.0.0.1', port: 0 })
    for (const start of ['GET /v1/status HTTP/1.1\r\nHost', `POST /v1/runs HTTP/1.1\r\n${authorized()}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{`]) assert.match(await raw(start, to), / 408 |^$/)
    assert.equal((await get('/v1/status')).status, 200)
  })

  it('refuses a token that was revoked, from then on', async () => {
    const again = createToken(store, { name: 'read', role: 'read', secret: Buffer.alloc(32, 8), at: testNow as Instant })
    await assert.rejects(again, (error) => isCdpError(error, 'token/name-taken'))
    await assert.rejects(revokeToken(store, 'nobody’s', testNow as Instant), (error) => isCdpError(error, 'token/unknown'))
    const { value } = await createToken(store, { name: 'brief', role: 'read', secret: Buffer.alloc(32, 9), at: testNow as Instant })
    assert.equal((await ask('GET', '/v1/plans', { token: value })).status, 200)
    await revokeToken(store, 'brief', testNow as Instant)
    assert.equal((await ask('GET', '/v1/plans', { token: value })).status, 401)
    assert.ok(!JSON.stringify(await store.rows(sqlText`select * from token`)).includes(value.split('_')[2] ?? ''))
  })

  it('is described by a document that is kept with the others', async () => {
    const text = `${JSON.stringify(toOpenApi(), null, 2)}\n`
    if (process.env['UPDATE_EXPECTED'] === '1' || !existsSync(document)) writeFileSync(document, text)
    assert.equal(text, readFileSync(document, 'utf8'), `UPDATE_EXPECTED=1 mocha on this file writes ${document}`)
    assert.deepEqual((await ask('GET', '/openapi.json')).body, JSON.parse(text))
    assert.equal(new Set(routes.map((each) => each.name)).size, routes.length)
    for (const route of routes) assert.deepEqual([...route.path.matchAll(/:(\w+)/g)].map((each) => each[1]), Object.keys(route.params ?? {}))
  })
})
