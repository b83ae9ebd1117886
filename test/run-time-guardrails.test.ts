// Every guardrail that is checked at run time is fired here, with its limit lowered, and is silent where it is switched off: by the stage
// that checks it, on a store in memory. A guardrail without a case fails the last test.
import assert from 'node:assert/strict'
import { runTimeGuardrails } from '../packages/core/src/1-project/guardrails/run-time-guardrails.js'
import type { RunTimeGuardrail, RunTimeLimits, Stream } from '../packages/core/src/1-project/project.js'
import { ingestSource } from '../packages/core/src/4-ingest/index.js'
import { updateProfiles } from '../packages/core/src/5-profiles/index.js'
import { evaluateSegments } from '../packages/core/src/6-segments/index.js'
import type { EntitySchema } from '../packages/core/src/entities/entity-schema.js'
import { event, person, standardEntities } from '../packages/core/src/entities/standard-entities.js'
import { fixedClock } from '../packages/core/src/kernel/clock.js'
import type { JsonObject } from '../packages/core/src/kernel/json.js'
import { silentLog } from '../packages/core/src/kernel/log.js'
import { sqlText } from '../packages/core/src/kernel/sql-text.js'
import type { ReadPart } from '../packages/core/src/plugins/sdk.js'
import type { Store } from '../packages/core/src/stores/store.js'
import { aProject, aSegment, aSource, anApplied, seedLimits } from '../packages/core/src/testing/a-project.js'
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
}

describe('guardrails at run time', () => {
  for (const [id, { limit = 0, tell }] of Object.entries(cases) as readonly (readonly [RunTimeGuardrail, Case])[]) {
    it(`${id} is told when it is breached, and not when it is off`, async () => {
      const { [id]: usual, ...others } = seedLimits
      assert.ok(usual !== undefined, 'it holds in a project that changes nothing')
      assert.deepEqual(await withStore((store) => tell(store, { ...others, [id]: limit })), [`guardrail/${id}`])
      assert.deepEqual(await withStore((store) => tell(store, others)), [])
    })
  }

  it('each has its case', () => {
    assert.deepEqual(Object.keys(cases).sort(), runTimeGuardrails.map((each) => each.id).sort())
  })
})

async function withStore<Told>(work: (store: Store) => Promise<Told>): Promise<Told> {
  const store = await aStore()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function quarantined(store: Store, limits: RunTimeLimits, entity: 'person' | 'event', record: JsonObject): Promise<readonly string[]> {
  const stream: Stream = { name: 'rows', entity, key: 'id', map: { email: 'email', ...(entity === 'event' ? { timestamp: '$now()' } : {}) }, config: {} }
  const spec = aSource('crm', { streams: [stream] })
  const read = async function* (): AsyncIterable<ReadPart> { yield await Promise.resolve({ records: [{ op: 'upsert', record }] }) }
  await ingestSource({
    source: { uid: 1, spec }, sources: [{ uid: 1, spec }], entities: standardEntities, vars: {}, limits, store, clock: fixedClock(testNow), log: silentLog,
    connector: { check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]), read },
  })
  return codes(store, 'quarantine')
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

async function codes(store: Store, table: 'quarantine' | 'refused_link'): Promise<readonly string[]> {
  const rows = await store.rows<{ code: string }>(table === 'quarantine' ? sqlText`select distinct code from quarantine order by code` : sqlText`select distinct code from refused_link order by code`)
  return rows.map((each) => each.code)
}
