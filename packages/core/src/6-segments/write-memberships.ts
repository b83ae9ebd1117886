// Memberships and their log, in one transaction with what they were computed from: killed before it, nothing happened.
import type { Instant } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection, StoreValue } from '../stores/store.js'
import { membershipLogTable, membershipTable, segmentStateTable } from '../stores/tables.js'
import type { MembershipDelta } from './compare-memberships.js'

/** Why a membership changed, as the log has it. */
export type Reason = 'matched' | 'no-longer-matched' | 'profile-removed' | 'profile-merged' | 'segment-removed'

export interface MembershipWrite {
  readonly segment: number
  readonly delta: MembershipDelta
  /** Why each of those who left did; `no-longer-matched` unless told otherwise. */
  readonly reasons: ReadonlyMap<number, Reason>
}

export interface WriteContext {
  readonly run: string
  readonly at: Instant
}

const exitedDays = 30

/** Appends to the log from the given position on; gives the position of its last row. */
export async function writeMemberships(tx: Connection, writes: readonly MembershipWrite[], { run, at }: WriteContext): Promise<number> {
  let { seq } = await tx.row<{ seq: number }>(sqlText`select coalesce(max(seq), ${param(0)}) as seq from membership_log`)
  for (const { segment, delta, reasons } of writes) {
    const moves = [...delta.left.map((id) => ({ id, entered: false })), ...delta.entered.map((id) => ({ id, entered: true }))].sort((a, b) => a.id - b.id)
    if (moves.length === 0) continue
    const log = moves.map(({ id, entered }): readonly StoreValue[] => [++seq, segment, id, entered ? 'entered' : 'left', entered ? 'matched' : (reasons.get(id) ?? 'no-longer-matched'), run, at])
    await tx.append(membershipLogTable, log)
    await replaceRows(tx, segment, delta, at)
  }
  await purgeExited(tx, at)
  return seq
}

// Delete and insert: DuckDB rewrites whole row groups for wide updates (docs/decisions/0001).
async function replaceRows(tx: Connection, segment: number, delta: MembershipDelta, at: Instant): Promise<void> {
  await tx.temporaryTable({ name: 'moved', columns: [{ name: 'id', type: 'int' }, { name: 'entered', type: 'boolean' }] })
  await tx.append({ name: 'moved', columns: [{ name: 'id', type: 'int' }, { name: 'entered', type: 'boolean' }] }, [...delta.entered.map((id) => [id, true]), ...delta.left.map((id) => [id, false])])
  await tx.run(
    sqlText`create or replace temporary table exited as select m.id, m.qualified_at from membership m join moved v on v.id = m.id where m.segment = ${param(segment)} and not v.entered`,
  )
  await tx.run(sqlText`delete from membership where segment = ${param(segment)} and id in (select id from moved)`)
  await tx.run(sqlText`insert into membership select ${param(segment)}, id, 'exited', qualified_at, ${param(at)}::timestamp from exited order by id`)
  await tx.append(membershipTable, delta.entered.map((id) => [segment, id, 'realized', at, null]))
}

// XDM segmentation field group: an exited status is kept for 30 days.
async function purgeExited(tx: Connection, at: Instant): Promise<void> {
  await tx.run(sqlText`delete from membership where status = 'exited' and exited_at < ${param(at)}::timestamp - to_days(${param(exitedDays)})`)
}

export interface SegmentState {
  readonly segment: number
  readonly digest: string
  readonly members: number
  readonly errors: Readonly<Record<string, number>>
}

export async function writeSegmentStates(tx: Connection, states: readonly SegmentState[], profileSeq: number, at: Instant): Promise<void> {
  for (const { segment } of states) await tx.run(sqlText`delete from segment_state where segment = ${param(segment)}`)
  await tx.append(segmentStateTable, states.map((each) => [each.segment, each.digest, profileSeq, at, each.members, JSON.stringify(each.errors)]))
}
