// What goes wrong around a daemon, at its edges: no room on the disk, receivers that misbehave, sources that die. Whatever was
// acknowledged is kept, nothing is done twice, and it goes on when the fault is over. Clocks stand still unless they are moved.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Project } from '../packages/core/src/1-project/project.js'
import { Daemon } from '../packages/core/src/daemon/daemon.js'
import type { OpenConnectors } from '../packages/core/src/daemon/run.js'
import { standardEntities } from '../packages/core/src/entities/standard-entities.js'
import { collectServer } from '../packages/core/src/http/collect/server.js'
import { WriteKeys } from '../packages/core/src/http/collect/write-keys.js'
import { fixedClock } from '../packages/core/src/kernel/clock.js'
import { silentLog } from '../packages/core/src/kernel/log.js'
import { param, sqlText } from '../packages/core/src/kernel/sql-text.js'
import { type Host, openHost } from '../packages/core/src/plugins/host.js'
import { openDestination } from '../packages/core/src/plugins/open-connector.js'
import type { OpenSource, ReadPart } from '../packages/core/src/plugins/sdk.js'
import { partTable, unifiedTable } from '../packages/core/src/stores/entity-tables.js'
import { openStore } from '../packages/core/src/stores/open-store.js'
import type { Store } from '../packages/core/src/stores/store.js'
import { aDestination, aProject, aSegment, aSource, anActivation, anApplied } from '../packages/core/src/testing/a-project.js'
import { aStore, testNow } from '../packages/core/src/testing/a-store.js'
import { anEventsSource } from '../packages/core/src/testing/an-events-source.js'
import { httpConnector } from '../packages/plugin-destination-http/src/destination.js'

const web = anEventsSource('web')
const known = aSegment('known', '$exists(person.email)', { lane: 'streaming', activate: [anActivation('hook')] })
const clock = fixedClock(testNow)

interface Rig {
  readonly store: Store
  readonly daemon: Daemon
  readonly url: string
  stop(): Promise<void>
}

async function aDaemon(store: Store, project: Project, connectors: Partial<OpenConnectors> = {}): Promise<Rig> {
  await store.transaction((tx) => tx.run(sqlText`insert into applied values (1, ${param(testNow)}::timestamp, ${param(JSON.stringify(anApplied(project)))})`))
  let id = 0
  const newId = (): string => `id-${String(++id)}`
  const none = (): never => { throw new Error('there is none') }
  const daemon = await Daemon.start({
    store, clock, log: silentLog, random: () => 0.5, newId, limits: { flushAfterMs: 1 },
    openConnectors: () => Promise.resolve({ openSource: none, isContinuous: () => true, openDestination: none, close: () => Promise.resolve(), ...connectors }),
  })
  const server = collectServer({ clock, log: silentLog, newId, writeKeys: () => new WriteKeys([{ sandbox: 'dev', source: 1, key: 'secret' }]), collect: ({ source }, ...offer) => daemon.collect(source, ...offer) })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  return { store, daemon, url, stop: async () => { await server.close(); await daemon.stop(); await store.close() } }
}

/** People with their e-mail; gives the status of the answer. */
async function identify(url: string, ...users: readonly string[]): Promise<number> {
  const batch = users.flatMap((userId) => [{ type: 'identify', userId, traits: { email: `${userId}@x` } }, { type: 'track', userId, event: 'Seen', messageId: `seen-${userId}`, timestamp: testNow }])
  return (await fetch(`${url}/v1/batch`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body: JSON.stringify({ batch }) })).status
}

describe('a daemon whose disk is full', () => {
  const setLargestFile = (bytes: string): boolean => spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]).status === 0
  const ignored = (): void => undefined

  it('answers 503, loses nothing that it acknowledged, and goes on when there is room', async function () {
    // A limit on the size of files is what a test can set: to the engine it is a write that fails, as on a full disk.
    if (process.platform !== 'linux' || !setLargestFile('unlimited')) this.skip()
    process.on('SIGXFSZ', ignored)
    const folder = mkdtempSync(join(tmpdir(), 'cdp-full-'))
    const path = join(folder, 'store.duckdb')
    const store = await openStore({ path, clock })
    await store.transaction(async (tx) => {
      for (const schema of Object.values(standardEntities)) {
        await tx.ensureTable(partTable(schema))
        await tx.ensureTable(unifiedTable(schema))
      }
    })
    const rig = await aDaemon(store, aProject({ sources: [web], segments: [aSegment('known', '$exists(person.email)', { lane: 'streaming' })] }))
    await rig.daemon.run({ pullsNothing: true })
    assert.equal(await identify(rig.url, 'ada', 'bob'), 200)
    try {
      setLargestFile(String(statSync(`${path}.wal`).size))
      assert.deepEqual([await identify(rig.url, 'cem'), await identify(rig.url, 'dan')], [503, 503])
      await assert.rejects(rig.daemon.run({ pullsNothing: true }), /too large|space/i)
    } finally {
      setLargestFile('unlimited')
      process.off('SIGXFSZ', ignored)
    }
    // The senders repeat what was not acknowledged, and one what was.
    assert.deepEqual([await identify(rig.url, 'cem'), await identify(rig.url, 'dan', 'ada')], [200, 200])
    await rig.daemon.run({ pullsNothing: true })
    await rig.stop()
    const again = await openStore({ path, clock })
    const rows = await again.rows(sqlText`select (select count(*) from event) as events, (select count(*) from person) as people, (select count(*) from membership where status = 'realized') as members, (select count(*) from membership_log) as moves`)
    await again.close()
    rmSync(folder, { recursive: true })
    assert.deepEqual(rows, [{ events: 4, people: 4, members: 4, moves: 4 }])
  })
})

describe('a daemon whose receiver misbehaves', () => {
  let receiver: Server
  let host: Host
  let rig: Rig
  let answer: (response: ServerResponse) => void
  /** Who is there, and the idempotency key of each request. */
  let there: Set<string>
  let requests: string[]

  beforeEach(async () => {
    ;[there, requests, answer] = [new Set(), [], ok]
    receiver = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => { body += part }).on('end', () => {
        requests.push(String(request.headers['idempotency-key']))
        answer(response)
        if (response.statusCode >= 300) return
        const { operation, items } = JSON.parse(body) as { readonly operation: string; readonly items: readonly { readonly record: { readonly email: string } }[] }
        for (const { record } of items) if (operation === 'remove') there.delete(record.email)
          else there.add(record.email)
      })
    })
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
    host = openHost({ clock, log: silentLog, random: () => 0.5, signal: new AbortController().signal, version: 'test', allow: ['loopback'] })
    const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/hook`
    const side = httpConnector.destination
    assert.ok(side)
    const open = openDestination(side, { address: 'Destination/hook', connector: 'http', config: { url, timeoutSeconds: 0.2 }, host, secrets: { find: () => undefined } as never, clock, log: silentLog, random: () => 0.5, signal: new AbortController().signal, folder: '/' })
    rig = await aDaemon(await aStore(), aProject({ sources: [web], segments: [known], destinations: [aDestination('hook', { url })] }), { openDestination: () => ({ open, capabilities: side.capabilities }) })
    await rig.daemon.run({ pullsNothing: true })
  })
  afterEach(async () => {
    receiver.closeAllConnections()
    receiver.close()
    await rig.stop()
    await host.close()
  })

  const ok = (response: ServerResponse): void => { response.end('{}') }
  const pass = (): Promise<unknown> => rig.daemon.run({ pullsNothing: true })
  const open = (): Promise<readonly unknown[]> => rig.store.rows(sqlText`select state, code from outbox order by id`)

  const faults: Readonly<Record<string, { readonly answer: (response: ServerResponse) => void; readonly code: string }>> = {
    'never answers': { answer: () => undefined, code: 'http/timeout' },
    'answers 500': { answer: (response) => { response.writeHead(500).end('oops') }, code: 'http/500' },
    'answers garbage': { answer: (response) => { response.socket?.end('\u0000 this is no HTTP\r\n\r\n') }, code: 'http/no-answer' },
    'closes in the middle of its answer': { answer: (response) => { response.writeHead(200, { 'content-length': '1000' }).write('{"res'); setTimeout(() => response.socket?.destroy(), 5) }, code: 'http/no-answer' },
    'answers for others only': { answer: (response) => { response.end('{"results":[{"key":"somebody else","status":"ok"}]}') }, code: 'http/no-result' },
  }
  for (const [what, fault] of Object.entries(faults)) {
    it(`keeps what one that ${what} did not take, goes on taking events, and delivers the same request later`, async () => {
      ;({ answer } = fault)
      assert.equal(await identify(rig.url, 'ada'), 200)
      await pass()
      assert.deepEqual(await open(), [{ state: 'waiting', code: fault.code }])
      answer = ok
      assert.equal(await identify(rig.url, 'bob'), 200)
      clock.advance(300_000)
      await pass()
      assert.deepEqual([[...there].sort(), await open()], [['ada@x', 'bob@x'], []])
      assert.deepEqual(await rig.store.rows(sqlText`select id, count(*) as count from membership_log group by id having count(*) > 1`), [])
    })
  }

  it('does not ask one again for the hour that its 429 names, and nobody waits for it', async () => {
    answer = (response) => { response.writeHead(429, { 'retry-after': '3600' }).end('slow down') }
    assert.equal(await identify(rig.url, 'ada'), 200)
    await pass()
    const asked = requests.length
    for (let minutes = 0; minutes < 60; minutes += 10) {
      await pass()
      clock.advance(600_000 - (minutes === 50 ? 1000 : 0))
      assert.equal(await identify(rig.url, `later${String(minutes)}`), 200)
    }
    // Those who came later are asked about once each; nobody twice.
    answer = ok
    assert.equal(new Set(requests).size, requests.length)
    assert.ok(requests.length <= asked + 6, String(requests.length))
    clock.advance(3_600_000)
    await pass()
    assert.equal(there.size, 7)
    assert.deepEqual(await open(), [])
  })

  it('leaves out who entered and left while it could not be reached', async () => {
    answer = (response) => { response.writeHead(503).end() }
    await identify(rig.url, 'ada')
    await pass()
    await fetch(`${rig.url}/v1/identify`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body: JSON.stringify({ userId: 'ada', traits: { email: null } }) })
    answer = ok
    clock.advance(300_000)
    await pass()
    // A request without an answer may have been taken, so the exit is sent.
    assert.deepEqual([[...there], await open()], [[], []])
  })
})

describe('a source that dies', () => {
  const people = aSource('crm', { connector: 'fake', streams: [{ name: 'People', entity: 'person', key: 'id', map: { email: 'email' }, config: {} }] })
  const pages = 2
  const perPage = 2

  /** Reads pages after its checkpoint, and dies at the given place: before or after the records of a page, or after its checkpoint. */
  const source = (diesAt: () => number): OpenSource => ({
    check: () => Promise.resolve({ ok: true }),
    discover: () => Promise.resolve([]),
    async *read({ checkpoint }): AsyncIterable<ReadPart> {
      for (let page = typeof checkpoint === 'number' ? checkpoint : 0; page < pages; page++) {
        const die = (place: number): void => { if (diesAt() === page * 3 + place) throw new Error('died') }
        die(0)
        yield { records: Array.from({ length: perPage }, (_, index) => ({ op: 'upsert', record: { id: `${String(page)}-${String(index)}`, email: `p${String(page)}${String(index)}@x` } })) }
        die(1)
        yield { checkpoint: page + 1 }
        die(2)
        await sleep(0)
      }
    },
  })

  it('at whatever place: what comes after it is complete, and nobody comes twice', async () => {
    for (let place = 0; place < pages * 3; place++) {
      let diesAt = place
      const rig = await aDaemon(await aStore(), aProject({ sources: [people], segments: [aSegment('known', '$exists(person.email)')] }), { openSource: () => source(() => diesAt) })
      assert.equal((await rig.daemon.run({})).failed, true, `at ${String(place)}`)
      diesAt = -1
      assert.equal((await rig.daemon.run({})).failed, false)
      assert.deepEqual(
        await rig.store.rows(sqlText`select (select count(*) from person) as people, (select count(*) from raw_1_people) as records, (select count(*) from membership_log) as moves, (select checkpoint from cursor) as checkpoint`),
        [{ people: pages * perPage, records: pages * perPage, moves: pages * perPage, checkpoint: String(pages) }], `at ${String(place)}`,
      )
      await rig.stop()
    }
  })
})
