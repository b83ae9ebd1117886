// Every guardrail that is checked at run time is fired here, with its limit lowered, and is silent where it is switched off: by the stage
// that checks it, on a store in memory. A guardrail without a case fails the last test.
import assert from 'node:assert/strict'
import { runTimeGuardrails } from '../packages/core/src/1-project/guardrails/run-time-guardrails.js'
import type { Licence, RunTimeGuardrail, RunTimeLimits } from '../packages/core/src/1-project/project.js'
import type { RecordBatch } from '../packages/core/src/4-ingest/batch.js'
import { ingestSource } from '../packages/core/src/4-ingest/index.js'
import { updateProfiles } from '../packages/core/src/5-profiles/index.js'
import { evaluateSegments } from '../packages/core/src/6-segments/index.js'
import { observe } from '../packages/core/src/daemon/observe/observe.js'
import { readBreaches } from '../packages/core/src/daemon/observe/read-breaches.js'
import type { EntitySchema } from '../packages/core/src/entities/entity-schema.js'
import { account, event, person, standardEntities } from '../packages/core/src/entities/standard-entities.js'
import { type Clock, fixedClock } from '../packages/core/src/kernel/clock.js'
import type { JsonObject } from '../packages/core/src/kernel/json.js'
import { silentLog } from '../packages/core/src/kernel/log.js'
import { param, sqlText } from '../packages/core/src/kernel/sql-text.js'
import type { ReadPart } from '../packages/core/src/plugins/sdk.js'
import type { Store } from '../packages/core/src/stores/store.js'
import { aDestination, aProject, aSegment, aSource, anApplied, seedLimits } from '../packages/core/src/testing/a-project.js'
import { type PartRow, aStore, addParts, testNow } from '../packages/core/src/testing/a-store.js'

interface Case {
  /** The limit that is breached; none for guardrails without a number. */
  readonly limit?: number
  /** Does what breaches it, and gives the codes that were told. */
  readonly tell: (store: Store, limits: RunTimeLimits) => Promise<readonly string[]>
}

const uniqueEmail: EntitySchema = { ...person, identities: person.identities.map((each) => (each.namespace === 'email' ? { ...each, unique: true } : each)) }

const cases: Readonly<Record<RunTimeGuardrail, Case>> = {
  'record-size': { limit: 100, tell: (store, limits) => quarantined(store, limits, 'person', { id: '1', email: 'a@x', note: 'ü'.repeat(60) }) },
  'event-size': { limit: 100, tell: (store, limits) => quarantined(store, limits, 'event', { id: '1', email: 'a@x', note: 'ü'.repeat(60) }) },
  'row-fields': { limit: 5, tell: (store, limits) => quarantined(store, limits, 'person', { id: '1', email: 'a@x', more: { a: 1, b: [{ c: 1 }, { d: 1 }] } }) },
  'graph-size': { limit: 3, tell: (store, limits) => refused(store, limits, { people: [{ key: '1@crm', fields: { email: 'a@x' } }, { key: '2@crm', fields: { email: 'a@x' } }, { key: '3@crm', fields: { email: 'a@x' } }] }) },
  'links-per-identity': { limit: 2, tell: (store, limits) => refused(store, limits, { people: [1, 2, 3].map((each) => ({ key: `${String(each)}@crm`, fields: { email: 'office@x' } })) }) },
  'ids-per-record': { limit: 2, tell: (store, limits) => refused(store, limits, { people: [{ key: '1@crm', fields: { email: 'a@x', ecid: '1'.repeat(38) } }] }) },
  'ecid-format': { limit: 37, tell: (store, limits) => refused(store, limits, { people: [{ key: '1@crm', fields: { ecid: '1'.repeat(38) } }] }) },
  'id-length': { limit: 3, tell: (store, limits) => refused(store, limits, { people: [{ key: '1@crm', fields: { email: 'a@xy' } }] }) },
  'id-banned': { tell: (store, limits) => refused(store, limits, { people: [{ key: '1@crm', fields: { email: 'Anonymous' } }] }) },
  'unique-namespace': { tell: (store, limits) => refused(store, limits, { schema: uniqueEmail, people: [{ key: '1@crm', fields: { email: 'old@x' } }, { key: '2@crm', fields: { email: 'new@x', externalKey: '1@crm' } }] }) },
  'exit-retention': { limit: 1, tell: purged },
  'events-per-profile': { limit: 1, tell: (store, limits) => observed(store, limits, { people: [ada], events: [event1, event2] }) },
  'profile-size': { limit: 150, tell: (store, limits) => observed(store, limits, { people: [{ key: '1@crm', fields: { email: 'a@x', title: 'x'.repeat(100) } }], events: [event1, event2] }) },
  'account-identities': { limit: 2, tell: (store, limits) => observed(store, limits, { accounts: [{ key: '1@crm', fields: { externalKey: '9@crm' } }, { key: '2@mkto', fields: { externalKey: '9@crm' } }] }) },
  'dim-total-size': { limit: 150, tell: (store, limits) => observed(store, limits, { accounts: [{ key: '1@crm', fields: { name: 'x'.repeat(100) } }, { key: '2@crm', fields: { name: 'x'.repeat(100) } }] }) },
  'array-card-profile': { limit: 2, tell: (store, limits) => observed(store, limits, { record: { entity: 'person', values: { tags: ['a', 'b', 'c'] }, map: { tags: 'tags' } } }) },
  'array-card-event': { limit: 2, tell: (store, limits) => observed(store, limits, { record: { entity: 'event', values: { more: { list: [[1, 2, 3]] } }, map: { properties: 'more' } } }) },
  'profile-batches-day': { limit: 2, tell: (store, limits) => observed(store, limits, { passes: 2, record: { entity: 'person', values: {}, map: {} } }) },
  'b2b-batches-day': { limit: 2, tell: (store, limits) => observed(store, limits, { passes: 2, record: { entity: 'account', values: {}, map: {} } }) },
  'dim-batches-day': { limit: 2, tell: (store, limits) => observed(store, limits, { passes: 2, record: { entity: 'webinar', values: {}, map: {} } }) },
  'upsert-batch': { limit: 0, tell: (store, limits) => observed(store, limits, { record: { entity: 'person', values: {}, map: {} } }) },
  'b2b-addressable': { limit: 1, tell: (store, limits) => observed(store, limits, { people: [ada, bob], licence: { businessPersons: 1 } }) },
  'b2b-accounts': { limit: 0.2, tell: (store, limits) => observed(store, limits, { accounts: [{ key: '1@crm', fields: {} }, { key: '2@crm', fields: {} }], licence: { businessPersons: 1 } }) },
  'b2b-richness': { limit: 100, tell: (store, limits) => observed(store, limits, { people: [{ key: '1@crm', fields: { email: 'a@x', title: 'x'.repeat(100) } }] }) },
  'dev-sandbox': { limit: 10, tell: (store, limits) => observed(store, limits, { people: [ada], licence: { businessPersons: 1, development: true } }) },
  'b2b-entity-resolution': { limit: 24, tell: (store, limits) => observed(store, limits, { passes: 1, hoursBetween: 25 }) },
  'seg-of-seg-exit': { limit: 24, tell: (store, limits) => observed(store, limits, { evaluatedHoursAgo: 25 }) },
  'enterprise-latency': { limit: 10, tell: (store, limits) => observed(store, limits, { waitingMinutes: 11 }) },
}

const ada: PartRow = { key: '1@crm', fields: { email: 'a@x' } }
const bob: PartRow = { key: '2@crm', fields: { email: 'b@x' } }
const event1: PartRow = { key: 'e1@web', fields: { email: 'a@x', eventType: 'visit', timestamp: testNow } }
const event2: PartRow = { ...event1, key: 'e2@web' }
const webinar: EntitySchema = { ...account, name: 'webinar', namespace: 'webinar', fields: {}, identities: [] }
const entities: Readonly<Record<string, EntitySchema>> = { ...standardEntities, webinar }

describe('guardrails at run time', () => {
  for (const [id, { limit = 0, tell }] of Object.entries(cases) as readonly (readonly [RunTimeGuardrail, Case])[]) {
    it(`${id} is told when it is breached, and not when it is off`, async () => {
      const { [id]: usual, ...others } = seedLimits
      assert.ok(usual !== undefined, 'it holds in a project that changes nothing')
      assert.deepEqual(await withStore((store) => tell(store, { ...others, [id]: limit })), [`guardrail/${id}`])
      assert.deepEqual(await withStore((store) => tell(store, others)), [])
    })
  }

  it('what is breached is told until it is mended, and since when', async () => {
    await withStore(async (store) => {
      const clock = fixedClock(testNow)
      let seq = 1
      const look = async (...people: readonly PartRow[]): Promise<unknown> => {
        await addParts(store, person, seq, people)
        seq += people.length
        await pass(store, { ...seedLimits, 'b2b-addressable': 1 }, { licence: { businessPersons: 1 } }, clock)
        return store.rows(sqlText`select count, worst, sample, first_at as since, last_at as at from breach where guardrail = 'b2b-addressable'`)
      }
      assert.deepEqual(await look(ada, bob), [{ count: 1, worst: 2, sample: '2 people, 1 licensed', since: testNow, at: testNow }])
      clock.advance(60_000)
      const later = '2026-11-23T06:01:00.000Z'
      assert.deepEqual(await look(), [{ count: 1, worst: 2, sample: '2 people, 1 licensed', since: testNow, at: later }])
      assert.deepEqual(await look({ ...ada, deleted: true }), [{ count: 0, worst: 0, sample: '', since: null, at: later }])
    })
  })

  it('each has its case', () => {
    assert.deepEqual(Object.keys(cases).sort(), runTimeGuardrails.map((each) => each.id).sort())
  })
})

async function withStore<Told>(work: (store: Store) => Promise<Told>): Promise<Told> {
  const store = await aStore(entities)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function quarantined(store: Store, limits: RunTimeLimits, entity: 'person' | 'event', record: JsonObject): Promise<readonly string[]> {
  await ingest(store, limits, { entity, record, map: {} })
  return codes(store, 'quarantine')
}

async function ingest(store: Store, limits: RunTimeLimits, { entity, record, map }: { readonly entity: string; readonly record: JsonObject; readonly map: Readonly<Record<string, string>> }): Promise<readonly RecordBatch[]> {
  const own: Readonly<Record<string, string>> = entity === 'event' ? { email: 'email', timestamp: '$now()' } : entity === 'person' ? { email: 'email' } : {}
  const spec = aSource('crm', { streams: [{ name: 'rows', entity, key: 'id', map: { ...own, ...map }, config: {} }] })
  const read = async function* (): AsyncIterable<ReadPart> { yield await Promise.resolve({ records: [{ op: 'upsert', record }] }) }
  const { batches } = await ingestSource({
    source: { uid: 1, spec }, sources: [{ uid: 1, spec }], entities, vars: {}, limits, store, clock: fixedClock(testNow), log: silentLog,
    connector: { check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]), read },
  })
  return batches
}

interface Claimed {
  readonly schema?: EntitySchema
  readonly people?: readonly PartRow[]
  readonly events?: readonly PartRow[]
}

async function refused(store: Store, limits: RunTimeLimits, { schema = person, people = [], events = [] }: Claimed): Promise<readonly string[]> {
  await addParts(store, schema, 1, people)
  await addParts(store, event, 1 + people.length, events)
  await updateProfiles({ store, entities: { ...standardEntities, person: schema }, sourceRanks: [], limits, clock: fixedClock(testNow), log: silentLog })
  return codes(store, 'refused_link')
}

/** Somebody left two days ago; tells whether that is forgotten. */
async function purged(store: Store, limits: RunTimeLimits): Promise<readonly string[]> {
  await store.run(sqlText`insert into membership values (99, 1, 'exited', timestamp '2026-11-01', timestamp '2026-11-21')`)
  const applied = anApplied(aProject({ segments: [aSegment('all', 'true')], guardrails: { profile: 'seed', overrides: [], limits } }))
  await evaluateSegments({ store, applied, clock: fixedClock(testNow), run: 'r1' })
  const { kept } = await store.row<{ kept: number }>(sqlText`select count(*) as kept from membership`)
  return kept === 0 ? ['guardrail/exit-retention'] : []
}

interface Seen {
  readonly people?: readonly PartRow[]
  readonly accounts?: readonly PartRow[]
  readonly events?: readonly PartRow[]
  /** Read from a source in the pass that is looked at, and in those before. */
  readonly record?: { readonly entity: string; readonly values: JsonObject; readonly map: Readonly<Record<string, string>> }
  readonly licence?: Licence
  /** Passes before the one that is looked at. */
  readonly passes?: number
  readonly hoursBetween?: number
  readonly evaluatedHoursAgo?: number
  readonly waitingMinutes?: number
}

/** A pass over what is there, and the codes of what it finds breached. */
async function observed(store: Store, limits: RunTimeLimits, seen: Seen): Promise<readonly string[]> {
  const clock = fixedClock(testNow)
  const { people = [], accounts = [], events = [], passes = 0 } = seen
  await addParts(store, person, 1, people)
  await addParts(store, account, 1 + people.length, accounts)
  await addParts(store, event, 1 + people.length + accounts.length, events)
  for (let before = 0; before < passes; before++) {
    await pass(store, limits, seen, clock)
    clock.advance((seen.hoursBetween ?? 1) * 60 * 60 * 1000)
  }
  if (seen.waitingMinutes !== undefined) await store.run(sqlText`insert into outbox (destination, segment, id, wanted, seq, state, attempt, since) values (1, 2, 1, 'in', 1, 'waiting', 1, ${param(clock.now())}::timestamp - to_minutes(${param(seen.waitingMinutes)}))`)
  if (seen.evaluatedHoursAgo !== undefined) await store.run(sqlText`insert into segment_state (segment, evaluated_at) values (2, ${param(clock.now())}::timestamp - to_hours(${param(seen.evaluatedHoursAgo)}))`)
  await pass(store, limits, seen, clock)
  return (await readBreaches(store)).map((each) => `guardrail/${each.guardrail}`)
}

let passesMade = 0

/** Stages 4 and 5 and the look after them, with the history that a pass leaves. */
async function pass(store: Store, limits: RunTimeLimits, { record, licence }: Seen, clock: Clock): Promise<void> {
  const guardrails = { profile: 'seed' as const, overrides: [], limits, ...(licence ? { licence } : {}) }
  const segment = aSegment('reader', 'segments.other', { readsSegments: ['other'] })
  const applied = anApplied(aProject({ entities, guardrails, sources: [], destinations: [aDestination('hook')], segments: [segment] }))
  const run = `r${String(passesMade++)}`
  const startedAt = clock.now()
  await store.run(sqlText`insert into run (run, started_at, status) values (${param(run)}, ${param(startedAt)}::timestamp, 'running')`)
  const id = String(passesMade)
  const batches = record ? await ingest(store, limits, { entity: record.entity, record: { id, email: `${id}@x`, ...record.values }, map: record.map }) : []
  const profiles = await updateProfiles({ store, entities, sourceRanks: [], limits, clock, log: silentLog })
  const counted = Object.fromEntries(batches.map((each) => [each.entity, 1]))
  await store.run(sqlText`update run set status = 'done', summary = ${param(JSON.stringify({ batches: counted }))} where run = ${param(run)}`)
  await observe({ store, applied, clock, batches, profiles, startedAt })
}

async function codes(store: Store, table: 'quarantine' | 'refused_link'): Promise<readonly string[]> {
  const rows = await store.rows<{ code: string }>(table === 'quarantine' ? sqlText`select distinct code from quarantine order by code` : sqlText`select distinct code from refused_link order by code`)
  return rows.map((each) => each.code)
}
