import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { Daemon } from '../../daemon/daemon.js'
import type { Json } from '../../kernel/json.js'
import { fixedClock } from '../../kernel/clock.js'
import { fail } from '../../kernel/error.js'
import { silentLog } from '../../kernel/log.js'
import { param, sqlText } from '../../kernel/sql-text.js'
import type { DeliveryRequest, OpenDestination } from '../../plugins/sdk.js'
import type { Store } from '../../stores/store.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../../testing/a-project.js'
import { aStore, testNow } from '../../testing/a-store.js'
import { anEventsSource } from '../../testing/an-events-source.js'
import { collectServer } from './server.js'
import { WriteKeys } from './write-keys.js'

const project = aProject({
  sources: [anEventsSource('web')],
  segments: [
    aSegment('buyers', '$count(events[eventType = "Order Completed" and timestamp > $daysAgo(7)]) >= 2', { lane: 'streaming', activate: [anActivation('shop')] }),
    aSegment('known', '$exists(person.email)', { lane: 'streaming' }),
  ],
  destinations: [aDestination('shop')],
})

describe('collection by HTTP', () => {
  let store: Store
  let daemon: Daemon
  let server: FastifyInstance
  let url: string
  let sent: string[]
  let fails: boolean

  beforeEach(async () => {
    store = await aStore()
    const applied = anApplied(project)
    await store.transaction((tx) => tx.run(sqlText`insert into applied values (1, ${param(testNow)}::timestamp, ${param(JSON.stringify(applied))})`))
    sent = []
    fails = false
    const note = (sign: string) => ({ audience, items }: DeliveryRequest) => {
      sent.push(...items.map((each) => `${sign}${audience.segment} ${JSON.stringify(each.payload)}`))
      return Promise.resolve({ items: items.map(({ key }) => ({ key, status: 'ok' as const })) })
    }
    const open: OpenDestination = { check: () => Promise.resolve({ ok: true }), upsert: note('+'), remove: note('-') }
    const capabilities = { identities: ['email'], maxBatch: 100, idempotent: true, createsMissing: true, readBack: 'none' as const, asyncJobs: false, limits: [], defaultPayload: '$count(events)' }
    const clock = fixedClock(testNow)
    let id = 0
    daemon = await Daemon.start({
      store, clock, log: silentLog, random: () => 0.5, newId: () => `id-${String(++id)}`, limits: { flushAfterMs: 2 },
      openConnectors: () => Promise.resolve({ openSource: () => { throw new Error('nothing is pulled') }, isContinuous: () => true, openDestination: () => ({ open, capabilities }), close: () => Promise.resolve() }),
    })
    // The first pass looks at everybody; from then on segments follow what is collected.
    await daemon.run({ pullsNothing: true })
    server = collectServer({
      clock, log: silentLog, newId: () => `id-${String(++id)}`, writeKeys: () => new WriteKeys([{ sandbox: 'dev', source: 1, key: 'secret' }]),
      collect: ({ source }, ...offer) => (fails ? Promise.reject(fail('collect/busy', { waiting: 9 })) : daemon.collect(source, ...offer)),
    })
    url = await server.listen({ host: '127.0.0.1', port: 0 })
  })

  afterEach(async () => {
    await server.close()
    await daemon.stop()
    await store.close()
  })

  const basic = `Basic ${Buffer.from('secret:').toString('base64')}`
  const post = async (path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<readonly [number, Json]> => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body, headers: { authorization: basic, ...headers } })
    return [response.status, (await response.json()) as Json]
  }
  const call = (path: string, body: Json, headers: Readonly<Record<string, string>> = {}): Promise<readonly [number, Json]> => post(path, JSON.stringify(body), headers)
  const people = (): Promise<readonly unknown[]> => store.rows(sqlText`select _source_keys as keys, email, "firstName" as name, title from person order by _id`)
  const log = (): Promise<readonly unknown[]> => store.rows(sqlText`select segment, id, change from membership_log order by seq`)

  it('answers when events are durable, and memberships have followed', async () => {
    const order = (messageId: string): Json => ({ userId: 'u1', event: 'Order Completed', messageId, timestamp: testNow, properties: { total: 5 } })
    assert.deepEqual(await call('/v1/track', order('1')), [200, { success: true }])
    assert.deepEqual(await log(), [])
    assert.deepEqual(await call('/v1/batch', { batch: [{ type: 'track', ...(order('2') as object) }, { type: 'page', userId: 'u1', messageId: '3', context: { page: { path: '/pricing', url: 'https://x.example/pricing' } } }] }), [200, { success: true }])
    assert.deepEqual(await log(), [{ segment: 3, id: 1, change: 'entered' }])
    assert.deepEqual(await store.rows(sqlText`select "eventType" as type, "web.page" as page, properties from event order by _seq`), [
      { type: 'Order Completed', page: null, properties: '{"total":5}' }, { type: 'Order Completed', page: null, properties: '{"total":5}' }, { type: 'web.pageView', page: '/pricing', properties: null },
    ])
    await daemon.run({ pullsNothing: true })
    assert.deepEqual(sent, ['+buyers 3'])
  })

  it('keeps a connection for the next request for longer than load balancers do', async () => {
    const response = await fetch(`${url}/v1/track`, { method: 'POST', body: '{"userId":"u1","event":"x"}', headers: { authorization: basic } })
    assert.equal(response.headers.get('keep-alive'), 'timeout=72')
  })

  it('counts a message once, however often and in whatever batch it is sent', async () => {
    const order = { type: 'track', userId: 'u1', event: 'Order Completed', messageId: 'same', timestamp: testNow }
    for (const batch of [[order, order], [order]]) assert.deepEqual(await call('/v1/batch', { batch }), [200, { success: true }])
    assert.deepEqual(await store.rows(sqlText`select count(*) as events from event`), [{ events: 1 }])
    assert.deepEqual(await log(), [])
  })

  it('adds up what identify calls say, ties browsers to people, and follows an alias', async () => {
    await call('/v1/track', { anonymousId: 'browser', event: 'Order Completed', messageId: '1', timestamp: testNow })
    await call('/v1/identify', { userId: 'u1', anonymousId: 'browser', traits: { email: 'Ada@x.example', firstName: 'Ada' } })
    await call('/v1/identify', { userId: 'u1', anonymousId: 'phone', traits: { title: 'CTO', firstName: null } })
    await call('/v1/track', { anonymousId: 'phone', event: 'Order Completed', messageId: '2', timestamp: testNow })
    assert.deepEqual(await people(), [{ keys: ['u1@web.Events'], email: 'Ada@x.example', name: null, title: 'CTO' }])
    assert.deepEqual(await log(), [{ segment: 4, id: 1, change: 'entered' }, { segment: 3, id: 1, change: 'entered' }])
    await call('/v1/identify', { userId: 'old', traits: { title: 'Head of IT' } })
    assert.equal((await people()).length, 2)
    await call('/v1/alias', { previousId: 'old', userId: 'u1' })
    assert.deepEqual((await people()).map((each) => (each as { keys: unknown }).keys), [['old@web.Events', 'u1@web.Events']])
  })

  it('makes an account of a group call, and its caller one of the account’s people', async () => {
    await call('/v1/group', { userId: 'u1', groupId: 'acme', traits: { name: 'Acme', employees: 12 } })
    await call('/v1/group', { userId: 'u2', groupId: 'acme', traits: { industry: 'Software' } })
    assert.deepEqual(await store.rows(sqlText`select name, employees, industry from account`), [{ name: 'Acme', employees: 12, industry: 'Software' }])
    assert.deepEqual(await store.rows(sqlText`select count(*) as rows, count("accountKey_id") as tied from account_person`), [{ rows: 2, tied: 2 }])
  })

  it('takes a sender’s wrong clock off', async () => {
    await call('/v1/batch', { sentAt: '2020-01-01T00:00:10.000Z', batch: [{ type: 'track', userId: 'u1', event: 'x', messageId: '1', timestamp: '2020-01-01T00:00:00.000Z' }] })
    assert.deepEqual(await store.rows(sqlText`select "timestamp" as at from event`), [{ at: '2026-11-23T05:59:50.000Z' }])
  })

  it('reads JSON whatever the content type says, zipped or plain, with the key as Basic, Bearer or in the body', async () => {
    const track = { userId: 'u1', event: 'x' }
    assert.equal((await call('/v1/track', track, { 'content-type': 'application/x-www-form-urlencoded' }))[0], 200)
    assert.equal((await post('/v1/track', gzipSync(JSON.stringify(track)), { 'content-encoding': 'gzip' }))[0], 200)
    assert.equal((await call('/v1/track', track, { authorization: 'Bearer secret' }))[0], 200)
    assert.equal((await call('/v1/track', { ...track, writeKey: 'secret' }, { authorization: '' }))[0], 200)
    assert.deepEqual(await store.rows(sqlText`select count(*) as events from event`), [{ events: 4 }])
  })

  it('takes CloudEvents in all forms, and tells which of several were refused', async () => {
    const event = { specversion: '1.0', id: '1', source: '/shop', type: 'shop.ordered', subject: 'u1', time: testNow, data: { total: 5 } }
    assert.deepEqual(await call('/events', event, { 'content-type': 'application/cloudevents+json' }), [200, { accepted: 1 }])
    const binary = { 'ce-specversion': '1.0', 'ce-id': '2', 'ce-source': '/shop', 'ce-type': 'shop.ordered', 'ce-time': testNow, 'content-type': 'application/json' }
    assert.deepEqual(await call('/events', { userId: 'u1' }, binary), [200, { accepted: 1 }])
    assert.deepEqual(await call('/events', [{ ...event, id: '3' }, { id: '4' }, { ...event, id: '1' }, 7]), [207, { accepted: 2, refused: [{ index: 1, reason: 'it has no source, type, specversion' }, { index: 3, reason: 'it is no object' }] }])
    assert.deepEqual(await call('/events', { ...event, time: 'yesterday' }), [400, { accepted: 0, refused: [{ index: 0, reason: 'its time is no RFC 3339 time' }] }])
    assert.deepEqual(await store.rows(sqlText`select count(*) as events, count(distinct _id) as people from event`), [{ events: 3, people: 1 }])
  })

  it('puts calls that are no calls into quarantine and takes the others', async () => {
    assert.deepEqual(await call('/v1/batch', { batch: [7, { type: 'dance' }, { type: 'track', event: 'x' }, { type: 'track', userId: 'u1', event: 'x' }, { type: 'group', userId: 'u1' }] }), [200, { success: true }])
    assert.deepEqual(await store.rows(sqlText`select code, count(*) as n from quarantine group by code order by code`), [{ code: 'record/no-identity', n: 1 }, { code: 'record/unreadable', n: 3 }])
    assert.deepEqual(await store.rows(sqlText`select count(*) as events from event`), [{ events: 1 }])
  })

  const refused: readonly (readonly [what: string, path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>>, status: number])[] = [
    ['no key', '/v1/track', '{"userId":"u1"}', { authorization: '' }, 401],
    ['a wrong key', '/v1/track', '{"userId":"u1"}', { authorization: 'Bearer wrong' }, 401],
    ['no JSON', '/v1/track', '{', {}, 400],
    ['an empty body', '/v1/track', '', {}, 400],
    ['a batch without a list', '/v1/batch', '{}', {}, 400],
    ['a batch of too many', '/v1/batch', JSON.stringify({ batch: Array.from({ length: 2501 }, () => 1) }), {}, 400],
    ['a call of too many bytes', '/v1/track', JSON.stringify({ userId: 'u1', event: 'x'.repeat(33_000) }), {}, 413],
    ['a zip bomb', '/v1/batch', gzipSync(Buffer.alloc(5_000_000, 32)), { 'content-encoding': 'gzip' }, 413],
    ['what is called zipped and is not', '/v1/batch', '{"batch":[]}', { 'content-encoding': 'gzip' }, 400],
    ['another encoding', '/v1/batch', '{"batch":[]}', { 'content-encoding': 'br' }, 415],
    ['another path', '/v1/../etc/passwd', '{}', {}, 404],
  ]
  for (const [what, path, body, headers, status] of refused) {
    it(`refuses ${what}`, async () => {
      assert.equal((await post(path, body, headers))[0], status)
      assert.deepEqual(await store.rows(sqlText`select count(*) as events from event`), [{ events: 0 }])
    })
  }

  it('says when to come again when too much waits', async () => {
    fails = true
    const response = await fetch(`${url}/v1/track`, { method: 'POST', body: '{"userId":"u1","event":"x"}', headers: { authorization: basic } })
    assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '1'])
  })
})
