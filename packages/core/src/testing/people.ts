// People for tests of what comes after profiles: made from parts by the stage itself, or put in by hand; and their moves.
import type { Uid } from '../2-plan/applied.js'
import { updateProfiles } from '../5-profiles/index.js'
import { person, standardEntities } from '../entities/standard-entities.js'
import { type Clock, type Instant, fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { sqlText } from '../kernel/sql-text.js'
import { unifiedTable } from '../stores/entity-tables.js'
import type { Store, StoreRow } from '../stores/store.js'
import { membershipLogTable, membershipTable } from '../stores/tables.js'
import { seedLimits } from './a-project.js'
import { type PartRow, addParts, testNow } from './a-store.js'

/** The first parts of people, and the profiles that are made of them. */
export async function addProfiles(store: Store, rows: readonly PartRow[], clock: Clock = fixedClock(testNow)): Promise<void> {
  await addParts(store, person, 1, rows)
  await updateProfiles({ store, entities: standardEntities, sourceRanks: [], limits: seedLimits, clock, log: silentLog })
}

/** Rows of people, of each `p1@x` and the source key `1@crm` unless told otherwise. */
export async function addPeople(store: Store, ids: readonly number[], fields: StoreRow = {}): Promise<void> {
  const table = unifiedTable(person)
  const rows = ids.map((id): StoreRow => ({ _id: id, email: `p${String(id)}@x`, _source_keys: [`${String(id)}@crm`], ...fields }))
  await store.transaction((tx) => tx.append(table, rows.map((row) => table.columns.map(({ name }) => row[name] ?? null))))
}

export interface Moves {
  readonly segment: Uid
  readonly entered?: readonly number[]
  readonly left?: readonly number[]
  readonly at: Instant
}

/** The next rows of the log, and a membership for each who enters. Who was in before is for the test to take out. */
export async function addMoves(store: Store, { segment, entered = [], left = [], at }: Moves): Promise<void> {
  await store.transaction(async (tx) => {
    const { seq } = await tx.row<{ seq: number }>(sqlText`select coalesce(max(seq), 0) as seq from membership_log`)
    const moves = [...entered.map((id) => [id, 'entered'] as const), ...left.map((id) => [id, 'left'] as const)]
    await tx.append(membershipLogTable, moves.map(([id, what], index) => [seq + index + 1, segment, id, what, 'matched', 'r', at]))
    await tx.append(membershipTable, entered.map((id) => [segment, id, 'realized', at, null]))
  })
}
