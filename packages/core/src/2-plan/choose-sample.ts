// How many profiles a preview looks at: everybody while that is quick, else a sample that is the same each time for the same profiles.
import type { ProfileEntity } from '../entities/profile-entity.js'
import { type SqlText, name, param, sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'

/** `exact`: everybody, however long it takes. `sample`: a sample. Without a word: everybody up to the budget. */
export type WantedImpact = 'exact' | 'sample' | undefined

export interface Sample {
  /** Ascending. */
  readonly ids: readonly number[]
  /** Profiles that there are. */
  readonly of: number
}

// Profiles times segments that a pass decides within seconds: 200 segments at a million people take about three (docs/benchmarks.md).
const budget = 400_000_000
const sampleSize = 50_000

/** Undefined when everybody is looked at. */
export async function chooseSample(store: Store, entity: ProfileEntity, { wanted, segments }: { readonly wanted: WantedImpact; readonly segments: number }): Promise<Sample | undefined> {
  if (wanted === 'exact' || segments === 0) return undefined
  const { count: of } = await store.row<{ count: number }>(sqlText`select count(*) as count from ${name(entity)}`)
  if (of <= sampleSize || (wanted === undefined && of * segments <= budget)) return undefined
  return { ids: await drawIds(store, entity, sampleSize / of), of }
}

async function drawIds(store: Store, entity: ProfileEntity, share: number): Promise<readonly number[]> {
  const below = Math.floor(share * 4_294_967_296)
  const rows = await store.rows<{ id: number }>(sqlText`select _id as id from ${name(entity)} where ${scattered(sqlText`_id`)} < ${param(BigInt(below))} order by _id`)
  return rows.map((each) => each.id)
}

/** Multiplying by a large odd number scatters ids over 32 bits (D. Knuth, multiplicative hashing): who is drawn depends on nothing else. */
export function scattered(id: SqlText): SqlText {
  return sqlText`(${id}::bigint * ${param(2_654_435_761n)}) % ${param(4_294_967_296n)}`
}
