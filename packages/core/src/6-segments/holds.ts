// A segment is held when an evaluation moved more people than its safety limit or its plan allows: the memberships are what they are,
// and nothing of it is delivered until the moves are within the limits again, or somebody says that they are meant.
import type { Safety, Segment } from '../1-project/project.js'
import type { Applied, AppliedResource } from '../2-plan/applied.js'
import type { Instant } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { segmentHoldTable } from '../stores/tables.js'
import type { HoldReason, SegmentResult } from './membership.js'

export interface Hold {
  readonly segment: number
  /** The log up to here was delivered, or may be: what moved after it is judged. */
  readonly fromSeq: number
  /** Members before the first of the moves that are held. */
  readonly members: number
  readonly reason: HoldReason
}

export interface Moves {
  readonly entered: number
  readonly left: number
}

const usualDriftPercent = 10
// Shares of a handful mean nothing: a plan that showed 2 is not wrong when 3 come.
const smallestBase = 100

/** Other numbers than were shown. */
export function findDrift({ entered, left }: Moves, { promised, members, safety, slack = 0 }: { readonly promised: Moves; readonly members: number; readonly safety: Safety; readonly slack?: number }): HoldReason | undefined {
  const percent = safety.maxDriftPercent ?? usualDriftPercent
  const allowed = Math.ceil((percent / 100) * Math.max(members, members + entered - left, smallestBase)) + slack
  const drift = Math.max(Math.abs(entered - promised.entered), Math.abs(left - promised.left))
  return drift > allowed ? { is: 'drifts', entered, left, promised, percent } : undefined
}

/** More left than the limit allows; segments with few members are not guarded. */
export function findShrink({ left }: Moves, { members, safety }: { readonly members: number; readonly safety: Safety }): HoldReason | undefined {
  const limit = safety.maxExitPercent
  if (limit === undefined || members === 0 || members < (safety.minMembers ?? 0)) return undefined
  return left * 100 > limit * members ? { is: 'shrinks', left, members, percent: limit } : undefined
}

async function readHolds(tx: Connection): Promise<readonly Hold[]> {
  const rows = await tx.rows<{ segment: number; from_seq: number; members: number; reason: string }>(sqlText`select segment, from_seq, members, reason from segment_hold`)
  return rows.map((each) => ({ segment: each.segment, fromSeq: each.from_seq, members: each.members, reason: JSON.parse(each.reason) as HoldReason }))
}

export interface HoldQuestion {
  readonly applied: Applied
  readonly results: readonly SegmentResult[]
  /** Segments whose rule was evaluated for the first time. */
  readonly newRules: ReadonlySet<number>
  /** Segments whose moves are meant, said by hand. */
  readonly release: readonly string[]
  /** The last row of the log before this evaluation. */
  readonly fromSeq: number
  readonly at: Instant
}

/** Holds what surprises, lets go what does no longer, and gives the results with why they are held. */
export async function settleHolds(tx: Connection, question: HoldQuestion): Promise<readonly SegmentResult[]> {
  const before = new Map((await readHolds(tx)).map((each) => [each.segment, each]))
  const settled: SegmentResult[] = []
  for (const result of question.results) {
    const segment = question.applied.segments[result.segment]
    settled.push(segment ? await settleHold(tx, { ...question, result, segment, known: before.get(segment.uid) }) : result)
  }
  return settled
}

interface OneQuestion extends HoldQuestion {
  readonly result: SegmentResult
  readonly segment: AppliedResource<Segment>
  readonly known: Hold | undefined
}

async function settleHold(tx: Connection, question: OneQuestion): Promise<SegmentResult> {
  const { result, segment, known, release, fromSeq, at } = question
  if (!known && result.entered + result.left === 0) return result
  const hold = known ?? { segment: segment.uid, fromSeq, members: result.members - result.entered + result.left }
  const reason = release.includes(segment.spec.name) ? undefined : await judge(tx, question, hold)
  if (known) await tx.run(sqlText`delete from segment_hold where segment = ${param(segment.uid)}`)
  if (!reason) return result
  await tx.append(segmentHoldTable, [[segment.uid, hold.fromSeq, hold.members, JSON.stringify(reason), at]])
  return { ...result, held: reason }
}

async function judge(tx: Connection, { result, segment, known, applied, newRules }: OneQuestion, { fromSeq, members }: Pick<Hold, 'fromSeq' | 'members'>): Promise<HoldReason | undefined> {
  const { uid, spec: { safety } } = segment
  const moves = known ? await readMoves(tx, { segment: uid, fromSeq }) : result
  const shown = newRules.has(uid) ? applied.promised[uid] : undefined
  if (shown) {
    const drift = findDrift(result, { promised: { entered: shown.enter, left: shown.exit }, members: result.members - result.entered + result.left, safety, slack: shown.slack })
    if (drift || shown.mayShrink) return drift
  } else if (known?.reason.is === 'drifts') {
    const drift = findDrift(moves, { promised: known.reason.promised, members, safety })
    if (drift) return drift
  }
  return findShrink(moves, { members, safety })
}

/** Who went in and out and is now where they were does not count. */
async function readMoves(tx: Connection, { segment, fromSeq }: { readonly segment: number; readonly fromSeq: number }): Promise<Moves> {
  return tx.row<{ entered: number; left: number }>(
    sqlText`select count(*) filter (where first = 'entered' and last = 'entered') as entered, count(*) filter (where first = 'left' and last = 'left') as left
      from (select id, arg_min(change, seq) as first, arg_max(change, seq) as last from membership_log where segment = ${param(segment)} and seq > ${param(fromSeq)} group by id)`,
  )
}
