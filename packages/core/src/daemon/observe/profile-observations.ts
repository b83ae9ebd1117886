// What profiles and dimensions come to as a whole. Reading every event of millions takes seconds, so those looks are thorough ones.
import { type EntitySchema, tableOf } from '../../entities/entity-schema.js'
import { type SqlText, joined, name, param, sqlText } from '../../kernel/sql-text.js'
import type { Connection } from '../../stores/store.js'
import { type Observation, type ObservationContext, type Observed, kept } from './observation.js'

export const profileObservations: readonly Observation[] = [
  { id: 'events-per-profile', kind: 'thorough', find: ({ tx }, limit) => observe(tx, sqlText`select _id as id, count(*) as size from event where _id is not null group by _id having count(*) > ${param(limit)}`, 'person') },
  { id: 'profile-size', kind: 'thorough', find: findLargeProfiles },
  {
    id: 'account-identities', kind: 'state', changedBy: ({ profiles }) => profiles.accountsChanged + profiles.accountsRemoved > 0,
    find: ({ tx }, limit) => observe(tx, sqlText`select id, count(*) as size from node where graph = 'account' group by id having count(*) > ${param(limit)}`, 'account'),
  },
  { id: 'dim-total-size', kind: 'thorough', find: findLargeDimension },
  { id: 'b2b-richness', kind: 'thorough', find: findRichness },
]

/** Over rows of `id` and `size` beyond a limit. */
async function observe(tx: Connection, beyond: SqlText, what: string): Promise<Observed> {
  const { count, worst, id } = await tx.row<{ count: number; worst: number | null; id: number | null }>(sqlText`select count(*) as count, max(size) as worst, arg_max(id, size) as id from (${beyond})`)
  return count === 0 ? kept : { count, worst: worst ?? 0, sample: `${what} ${String(id)}` }
}

/** Only who has so many records and events that they could come to the limit is measured. */
async function findLargeProfiles({ tx, applied: { entities, guardrails } }: ObservationContext, limit: number): Promise<Observed> {
  const { person, event } = entities
  if (!person || !event) return kept
  const { 'event-size': eventBytes = Infinity, 'record-size': recordBytes = Infinity, 'graph-size': records = Infinity } = guardrails.limits
  const most = (limit - recordBytes * records) / eventBytes
  const many = Number.isNaN(most) || most <= 0 ? sqlText`select _id from person` : sqlText`select _id from event where _id is not null group by _id having count(*) > ${param(most)}`
  if ((await tx.temporaryFrom('large_profile', many)) === 0) return kept
  const own = sqlText`select _id as id, ${bytesOf(person)} as size from person where _id in (select _id from large_profile)`
  const done = sqlText`select _id as id, ${bytesOf(event)} as size from event where _id in (select _id from large_profile)`
  return observe(tx, sqlText`select id, sum(size) as size from (${own} union all ${done}) group by id having sum(size) > ${param(limit)}`, 'person')
}

/** What the values of a row take as text. */
function bytesOf({ fields }: EntitySchema): SqlText {
  return joined(Object.keys(fields).map((each) => sqlText`coalesce(length(${name(each)}::varchar), 0)`), ' + ')
}

/** Entities beside people and events, each for itself; as estimated, and only where there are so many that they could come to the limit. */
async function findLargeDimension({ tx, applied: { entities, guardrails } }: ObservationContext, limit: number): Promise<Observed> {
  const sizes: { readonly entity: string; readonly bytes: number }[] = []
  for (const schema of Object.values(entities).filter((each) => each.name !== 'person' && each.grain !== 'event')) {
    const rows = await countRows(tx, schema)
    if (rows * (guardrails.limits['record-size'] ?? Infinity) > limit) sizes.push({ entity: schema.name, bytes: Math.round(rows * (await meanBytes(tx, schema))) })
  }
  const beyond = sizes.filter((each) => each.bytes > limit).sort((a, b) => b.bytes - a.bytes)
  const [worst] = beyond
  return worst ? { count: beyond.length, worst: worst.bytes, sample: worst.entity } : kept
}

/** The mean over people of what they and their events come to; as estimated. */
async function findRichness({ tx, applied: { entities }, profiles }: ObservationContext, limit: number): Promise<Observed> {
  const { person, event } = entities
  if (!person || !event || profiles.persons === 0) return kept
  const ofEvents = (await countRows(tx, event)) * (await meanBytes(tx, event))
  const mean = Math.round((await meanBytes(tx, person)) + ofEvents / profiles.persons)
  return mean > limit ? { count: profiles.persons, worst: mean, sample: `${String(profiles.persons)} people` } : kept
}

async function countRows(tx: Connection, { name: entity }: EntitySchema): Promise<number> {
  const { rows } = await tx.row<{ rows: number }>(sqlText`select count(*) as rows from ${name(tableOf(entity))}`)
  return rows
}

const placesLookedAt = 10
const idsAtAPlace = 200

/** Over some rows from places all over the table: engines skip the rest. Relations have no numbers; there the first rows stand for all. */
async function meanBytes(tx: Connection, schema: EntitySchema): Promise<number> {
  const table = name(tableOf(schema.name))
  const number = schema.grain === 'event' ? sqlText`_seq` : sqlText`_id`
  const { mean } = schema.grain === 'relation'
    ? await tx.row<{ mean: number | null }>(sqlText`select avg(${bytesOf(schema)}) as mean from (select * from ${table} limit ${param(placesLookedAt * idsAtAPlace)})`)
    : await tx.row<{ mean: number | null }>(sqlText`select avg(${bytesOf(schema)}) as mean from ${table} where ${await somePlaces(tx, table, number)}`)
  return mean ?? 0
}

async function somePlaces(tx: Connection, table: SqlText, number: SqlText): Promise<SqlText> {
  const { first, last } = await tx.row<{ first: number | null; last: number | null }>(sqlText`select min(${number}) as first, max(${number}) as last from ${table}`)
  if (first === null || last === null || last - first < placesLookedAt * idsAtAPlace) return sqlText`true`
  const places = Array.from({ length: placesLookedAt }, (_, index) => Math.floor(first + ((last - first) * index) / placesLookedAt))
  return joined(places.map((each) => sqlText`${number} between ${param(each)} and ${param(each + idsAtAPlace)}`), ' or ')
}
