// Memberships and their log, written in the caller's transaction together with what they were computed from: all of it or nothing.
import type { Instant } from '../kernel/clock.js'
import { joined, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Table } from '../stores/store.js'
import { membershipLogTable, segmentStateTable } from '../stores/tables.js'
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

const movedTable: Table = { name: 'moved', columns: [{ name: 'segment', type: 'int' }, { name: 'id', type: 'int' }, { name: 'entered', type: 'boolean' }] }

/** Appends to the log, segment by segment in the given order and by id within each; gives the position of its last row. */
export async function writeMemberships(tx: Connection, writes: readonly MembershipWrite[], { run, at }: WriteContext): Promise<number> {
  let { seq } = await tx.row<{ seq: number }>(sqlText`select coalesce(max(seq), ${param(0)}) as seq from membership_log`)
  const first = seq
  await tx.temporaryTable(movedTable)
  for (const { segment, delta, reasons } of writes) {
    const moves = toMoves(delta)
    await tx.append(membershipLogTable, moves.map(({ id, entered }) => [++seq, segment, id, entered ? 'entered' : 'left', entered ? 'matched' : (reasons.get(id) ?? 'no-longer-matched'), run, at]))
    await tx.append(movedTable, moves.map(({ id, entered }) => [segment, id, entered]))
  }
  if (seq > first) await replaceRows(tx, at)
  await purgeExited(tx, at)
  return seq
}

function toMoves({ entered, left }: MembershipDelta): readonly { readonly id: number; readonly entered: boolean }[] {
  return [...left.map((id) => ({ id, entered: false })), ...entered.map((id) => ({ id, entered: true }))].sort((a, b) => a.id - b.id)
}

// Delete and insert: DuckDB rewrites whole row groups for wide updates (docs/decisions/0001).
async function replaceRows(tx: Connection, at: Instant): Promise<void> {
  const now = sqlText`${param(at)}::timestamp`
  await tx.run(
    sqlText`create or replace temporary table settled as select v.segment, v.id, if(v.entered, 'realized', 'exited') as status,
      if(v.entered, ${now}, m.qualified_at) as qualified_at, if(v.entered, null, ${now}) as exited_at
      from moved v left join membership m on m.segment = v.segment and m.id = v.id`,
  )
  await tx.run(sqlText`delete from membership where (segment, id) in (select segment, id from moved)`)
  await tx.insert('membership', sqlText`select * from settled order by segment, id`)
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
  await forgetSegmentStates(tx, states.map((each) => each.segment))
  await tx.append(segmentStateTable, states.map((each) => [each.segment, each.digest, profileSeq, at, each.members, JSON.stringify(each.errors)]))
}

export async function forgetSegmentStates(tx: Connection, segments: readonly number[]): Promise<void> {
  if (segments.length === 0) return
  await tx.run(sqlText`delete from segment_state where segment in (${joined(segments.map(param), ', ')})`)
}
