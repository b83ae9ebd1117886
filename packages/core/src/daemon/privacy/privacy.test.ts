import assert from 'node:assert/strict'
import { fixedClock } from '../../kernel/clock.js'
import type { Json } from '../../kernel/json.js'
import { silentLog } from '../../kernel/log.js'
import { name, param, sqlText } from '../../kernel/sql-text.js'
import type { DestinationCapabilities } from '../../plugins/sdk.js'
import type { Store } from '../../stores/store.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../../testing/a-project.js'
import { Recorder } from '../../testing/a-recorder.js'
import { aStore, testNow } from '../../testing/a-store.js'
import { anEventsSource } from '../../testing/an-events-source.js'
import { type CollectedRecord, Daemon } from '../daemon.js'
import { exportProfile } from './export-profile.js'

const project = aProject({
  sources: [anEventsSource('web')],
  segments: [aSegment('known', '$exists(person.email)', { lane: 'streaming', activate: [anActivation('shop')] }), aSegment('owned', '$count(accounts) > 0', { activate: [anActivation('shop')] })],
  destinations: [aDestination('shop')],
})
const capabilities: DestinationCapabilities = { identities: ['email'], maxBatch: 100, idempotent: true, createsMissing: true, readBack: 'none', asyncJobs: false, limits: [], defaultPayload: '{ "email": person.email }' }

describe('privacy requests', () => {
  let store: Store
  let daemon: Daemon
  let shop: Recorder
  const clock = fixedClock(testNow)

  beforeEach(async () => {
    store = await aStore()
    await store.transaction((tx) => tx.run(sqlText`insert into applied values (1, ${param(testNow)}::timestamp, ${param(JSON.stringify({ ...anApplied(project), serial: 1, at: testNow }))})`))
    shop = new Recorder()
    let id = 0
    daemon = await Daemon.start({
      store, clock, log: silentLog, random: () => 0.5, newId: () => `id-${String(++id)}`, limits: { flushAfterMs: 1 },
      openConnectors: () => Promise.resolve({ openSource: () => { throw new Error('nothing is pulled') }, isContinuous: () => true, openDestination: () => ({ open: shop, capabilities }), close: () => Promise.resolve() }),
    })
    await sendAll('ada')
    await sendAll('bob')
    await daemon.run({ pullsNothing: true })
    assert.deepEqual([...shop.there].sort(), ['ada@x.example', 'bob@x.example'])
  })
  afterEach(async () => {
    await daemon.stop()
    await store.close()
  })

  const people = (user: string): CollectedRecord => ({ stream: 'people', change: { op: 'upsert', record: { userId: user, traits: { email: `${user}@x.example`, firstName: user.toUpperCase() } } } })
  const event = (user: Json, messageId: string): CollectedRecord => ({ stream: 'events', change: { op: 'upsert', record: { messageId, type: 'track', event: 'Looked', timestamp: testNow, ...(user as object) } } })
  async function sendAll(user: string, again = ''): Promise<void> {
    await daemon.collect(1, [
      people(user), event({ userId: user, anonymousId: `browser of ${user}` }, `1 ${user}${again}`), event({ anonymousId: `browser of ${user}` }, `2 ${user}${again}`),
      { stream: 'accounts', change: { op: 'upsert', record: { groupId: 'acme', traits: { name: 'Acme' } } } }, { stream: 'account-people', change: { op: 'upsert', record: { id: `${user} acme`, userId: user, groupId: 'acme' } } },
      // No key: it waits in quarantine.
      { stream: 'people', change: { op: 'upsert', record: { traits: { email: `${user}@x.example` } } } },
    ], 10)
  }
  const identity = (user: string): { readonly namespace: string; readonly value: string } => ({ namespace: 'email', value: `${user}@X.example` })

  /** Tables with a row that tells of somebody. */
  async function traces(user: string): Promise<readonly string[]> {
    const tables = await store.rows<{ table: string }>(sqlText`select table_name as table from information_schema.tables where table_type = 'BASE TABLE' order by table_name`)
    const found: string[] = []
    for (const { table } of tables) if (JSON.stringify(await store.rows(sqlText`select * from ${name(table)}`)).toLowerCase().includes(user)) found.push(table)
    return found
  }

  it('are answered with everything that is known, and with nothing of others', async () => {
    const found = await exportProfile(store, daemon.applied, identity('ada'), clock)
    assert.ok(found)
    const count = (list: Json): number => (list as readonly Json[]).length
    const { records, components, events, links, memberships, membershipLog, deliveries, audiences, quarantine } = found
    assert.deepEqual([records, components, events, links, memberships, membershipLog, deliveries, audiences, quarantine].map(count), [4, 1, 2, 2, 2, 2, 2, 2, 1])
    assert.deepEqual(found.identities.map((each) => each.namespace).sort(), ['anonymous_id', 'b2b_person', 'email'])
    assert.ok(!JSON.stringify(found).includes('bob'))
    assert.equal(await exportProfile(store, daemon.applied, identity('nobody'), clock), undefined)
  })

  it('delete a person everywhere, take them out of audiences, and leave everybody else', async () => {
    const deleted = await daemon.deleteProfile(identity('ada'), false)
    assert.deepEqual([deleted?.status, deleted?.deleted, deleted?.stillThere], ['done', { records: 4, events: 2, identities: 3, segments: 2 }, []])
    assert.deepEqual([...shop.there], ['bob@x.example'])
    assert.deepEqual(await traces('ada'), [])
    assert.deepEqual(await store.rows(sqlText`select s.segment, members, (select count(*) from membership m where m.segment = s.segment) as rows from segment_state s order by s.segment`), [{ segment: 3, members: 1, rows: 1 }, { segment: 4, members: 1, rows: 1 }])
    assert.deepEqual(await store.rows(sqlText`select kind, status from privacy_request`), [{ kind: 'delete', status: 'done' }])
    assert.equal(await daemon.deleteProfile(identity('ada'), false), undefined)
    // A pass over everybody comes to the same.
    await daemon.run({ pullsNothing: true })
    assert.deepEqual([...shop.there], ['bob@x.example'])
  })

  it('keep what is sent again of a deleted person from coming back, and let others come', async () => {
    await daemon.deleteProfile(identity('ada'), false)
    await sendAll('ada', ' again')
    await sendAll('cem')
    await daemon.collect(1, [event({ userId: 'cem', anonymousId: 'browser of ada' }, 'shared')], 1)
    await daemon.run({ pullsNothing: true })
    assert.deepEqual([...shop.there].sort(), ['bob@x.example', 'cem@x.example'])
    // What has no key is nobody's that could be known; and the browser is somebody else's now.
    assert.deepEqual((await traces('ada')).filter((each) => !['event', 'identity', 'person', 'raw_1_events', 'part_event'].includes(each)), ['quarantine'])
    assert.deepEqual(await store.rows(sqlText`select count(*) as people from person`), [{ people: 2 }])
  })

  it('let somebody come back who may', async () => {
    await daemon.deleteProfile(identity('ada'), true)
    await sendAll('ada', ' again')
    await daemon.run({ pullsNothing: true })
    assert.deepEqual([...shop.there].sort(), ['ada@x.example', 'bob@x.example'])
    assert.deepEqual(await store.rows(sqlText`select (select count(*) from person) as people, (select count(*) from person where _id in (select nid from identity where namespace = 'forgotten')) as mistaken`), [{ people: 2, mistaken: 0 }])
  })

  it('tell which destination could not be told, keep for it only what its removal needs, and finish later', async () => {
    const refuse: Recorder['answers'][number] = ({ items }) => Promise.resolve({ items: items.map(({ key }) => ({ key, status: 'retry', code: 'busy', message: 'not now' })) })
    shop.answers = [refuse, refuse]
    const deleted = await daemon.deleteProfile(identity('ada'), false)
    assert.deepEqual([deleted?.status, deleted?.stillThere], ['waiting', ['known', 'owned'].map((segment) => ({ destination: 'shop', segment, code: 'busy', message: 'not now' }))])
    assert.deepEqual(await traces('ada'), ['remote_member'])
    await daemon.run({ pullsNothing: true, retryNow: true })
    assert.deepEqual([[...shop.there], await traces('ada')], [['bob@x.example'], []])
    assert.deepEqual(await store.rows(sqlText`select status from privacy_request`), [{ status: 'done' }])
  })
})
