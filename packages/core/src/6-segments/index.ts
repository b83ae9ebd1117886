// Stage 6: profiles → memberships. Who is in each applied segment now, and who entered and left since the last time.
import type { Applied } from '../2-plan/applied.js'
import type { Clock } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { type MatchedGroup, type MatchedRule, matchIntoWords } from '../matching/match-words.js'
import type { Connection, Store } from '../stores/store.js'
import { type SegmentTask, chooseScopes, chooseTouched } from './choose-scope.js'
import { type FewMoves, type Known, evaluateFew } from './evaluate-few.js'
import { compareMemberships } from './membership-delta.js'
import { settleHolds } from './holds.js'
import type { MembershipChanges, SegmentResult } from './membership.js'
import { freeBits, placeSegments } from './segment-bits.js'
import { type SegmentState, type WriteContext, forgetSegmentStates, purgeExited, readLastSeq, writeMoves, writeRemoval, writeSegmentStates } from './write-memberships.js'

export { forgetMember, leaveSegments } from './forget-member.js'
export { forgetSegment } from './forget-segment.js'
export { forgetOldMoves } from './write-memberships.js'

export interface EvaluateRequest {
  readonly store: Store
  readonly applied: Applied
  readonly clock: Clock
  readonly run: string
  /** Only the segments of these names, and those linked to them by reading one another. */
  readonly only?: readonly string[]
  /** Held segments whose moves are meant, said by hand. */
  readonly release?: readonly string[]
}

export interface TouchedRequest extends Pick<EvaluateRequest, 'store' | 'applied' | 'clock' | 'run'> {
  /** Without it, profiles are compared by tables. */
  readonly known?: Known
  readonly mostTouched?: number
}

/** What a touch costs: an on-change segment with more changed profiles than this waits for its next run, which in a daemon is minutes away. */
const usualMostTouched = 10_000

/**
 * Evaluates the streaming and on-change segments for the profiles that changed since they were last evaluated, and for nobody else.
 * Meant for many small steps: what must look at everybody (new rules, time windows that close, segments that were removed, exits
 * that are too old, moves that surprise) is left to `evaluateSegments`.
 */
export function evaluateTouched({ store, applied, clock, run, known, mostTouched = usualMostTouched }: TouchedRequest): Promise<MembershipChanges> {
  return store.transaction(async (tx) => {
    const tasks = await chooseTouched(tx, applied, mostTouched)
    const { context, results, lastSeq } = await evaluateTasks(tx, tasks, { applied, clock, run, isQuick: true, ...(known ? { known } : {}) })
    return { ...context, lastSeq: lastSeq ?? (await readLastSeq(tx, known?.lastSeq)), segments: [...results].sort((a, b) => (a.segment < b.segment ? -1 : 1)) }
  })
}

/**
 * Evaluates what has changed and appends who entered and left to the membership log, all in one transaction.
 * Without new profiles, rules or time that matters, nothing is evaluated and nothing is written.
 */
export async function evaluateSegments(request: EvaluateRequest): Promise<MembershipChanges> {
  const { store, applied, clock, run } = request
  return store.transaction(async (tx) => {
    const tasks = await chooseScopes(tx, applied, request.only)
    const fromSeq = await readLastSeq(tx)
    const { context, before, results } = await evaluateTasks(tx, tasks, { applied, clock, run, isQuick: false })
    const retired = request.only === undefined ? await retire(tx, applied, context) : []
    await purgeExited(tx, context.at, applied.guardrails.limits['exit-retention'])
    const idle = idleResults(applied, { tasks, before, only: request.only })
    const newRules = new Set(tasks.filter((each) => each.isNewRule).map((each) => each.rule.uid))
    const judged = await settleHolds(tx, { applied, results: [...results, ...idle], newRules, release: request.release ?? [], fromSeq, at: context.at })
    const segments = [...judged, ...retired].sort((a, b) => (a.segment < b.segment ? -1 : 1))
    return { ...context, lastSeq: await readLastSeq(tx), segments }
  })
}

interface EvaluationContext extends Pick<EvaluateRequest, 'applied' | 'clock' | 'run'> {
  /** Few profiles: what is worth finding out for all of them is not. */
  readonly isQuick: boolean
  readonly known?: Known
}

interface Evaluation {
  readonly context: WriteContext
  readonly before: MemberCounts
  readonly results: readonly SegmentResult[]
  /** Of the membership log, where that is known. */
  readonly lastSeq?: number
}

async function evaluateTasks(tx: Connection, tasks: readonly SegmentTask[], { applied, clock, run, isQuick, known }: EvaluationContext): Promise<Evaluation> {
  const context = { run, at: clock.now() }
  const profileSeq = known?.profileSeq ?? (await tx.row<{ seq: number }>(sqlText`select coalesce(max(seq), ${param(0)}) as seq from profile_change`)).seq
  const bits = await placeSegments(tx, tasks.map(({ rule }) => rule))
  const few = known && tasks.length > 0 ? await evaluateFew(tx, { tasks, applied, clock, bits, context, known }) : undefined
  if (few) {
    const before = await readMemberCounts(tx)
    const { results, state } = summarize(tasks.map(({ rule }) => ({ rule, errors: {}, isStopped: false })), few, { before, tasks })
    await writeSegmentStates(tx, state, profileSeq, context.at)
    return { context, before, results, lastSeq: few.lastSeq }
  }
  const segmentUids = Object.fromEntries(Object.entries(applied.segments).map(([name, { uid }]) => [name, uid]))
  const groups = await matchIntoWords({ store: tx, entities: applied.entities, rules: tasks.map((each) => each.rule), nowMs: clock.nowMs(), segmentUids, bits, isQuick })
  const before = await readMemberCounts(tx)
  const results: SegmentResult[] = []
  const states: SegmentState[] = []
  for (const group of groups) {
    const settled = await settle(tx, group, { context, before, tasks })
    results.push(...settled.results)
    states.push(...settled.state)
  }
  await writeSegmentStates(tx, states, profileSeq, context.at)
  return { context, before, results }
}

/** Members by segment uid as of the last evaluation. */
type MemberCounts = ReadonlyMap<number, number>

async function readMemberCounts(tx: Connection): Promise<MemberCounts> {
  const rows = await tx.rows<{ segment: number; members: number }>(sqlText`select segment, members from segment_state`)
  return new Map(rows.map((each) => [each.segment, each.members]))
}

interface SettleContext {
  readonly context: WriteContext
  readonly before: MemberCounts
  readonly tasks: readonly SegmentTask[]
}

async function settle(tx: Connection, group: MatchedGroup, { context, before, tasks }: SettleContext): Promise<Settled> {
  const moves = await compareMemberships(tx, { ...group, rules: group.rules.filter((each) => !each.isStopped) })
  await writeMoves(tx, group.entity, context)
  return summarize(group.rules, { moves, evaluated: group.evaluated }, { before, tasks })
}

interface Settled {
  readonly results: readonly SegmentResult[]
  /** Of segments that were not stopped. */
  readonly state: readonly SegmentState[]
}

function summarize(rules: readonly Pick<MatchedRule, 'rule' | 'errors' | 'isStopped'>[], { moves, evaluated }: Pick<FewMoves, 'moves' | 'evaluated'>, { before, tasks }: Pick<SettleContext, 'before' | 'tasks'>): Settled {
  const results = rules.map(({ rule, errors, isStopped }): SegmentResult => {
    const { entered, left } = moves.get(rule.uid) ?? { entered: 0, left: 0 }
    const result = { segment: rule.name, entered, left, members: (before.get(rule.uid) ?? 0) + entered - left, evaluated, errors }
    return isStopped ? { ...result, stopped: true } : result
  })
  const state = rules.filter((each) => !each.isStopped).map(({ rule, errors }): SegmentState => ({
    segment: rule.uid, digest: tasks.find((each) => each.rule.uid === rule.uid)?.digest ?? '', members: results.find((each) => each.segment === rule.name)?.members ?? 0, errors,
  }))
  return { results, state }
}

/** Everybody leaves a segment that was removed; their exits are delivered like any others. */
async function retire(tx: Connection, applied: Applied, context: WriteContext): Promise<readonly SegmentResult[]> {
  const removed = applied.retired.filter((each) => each.segmentRemoved).map(({ segment }) => segment)
  const bits = new Map((await tx.rows<{ segment: number; bit: number }>(sqlText`select segment, bit from segment_bit`)).map((each) => [each.segment, each.bit]))
  const results: SegmentResult[] = []
  for (const { uid, spec } of removed) {
    const left = await writeRemoval(tx, { uid, bit: bits.get(uid), entity: spec.entity }, context)
    if (left > 0) results.push({ segment: spec.name, entered: 0, left, members: 0, evaluated: 0, errors: {} })
  }
  await forgetSegmentStates(tx, removed.map(({ uid }) => uid))
  await freeBits(tx, removed.map(({ uid }) => uid))
  return results
}

function idleResults(applied: Applied, { tasks, before, only }: { readonly tasks: readonly SegmentTask[]; readonly before: MemberCounts; readonly only: readonly string[] | undefined }): readonly SegmentResult[] {
  const busy = new Set(tasks.map((each) => each.rule.uid))
  const idle = Object.values(applied.segments).filter(({ uid, spec }) => !busy.has(uid) && (only === undefined || only.includes(spec.name)))
  return idle.map(({ uid, spec }) => ({ segment: spec.name, entered: 0, left: 0, members: before.get(uid) ?? 0, evaluated: 0, errors: {} }))
}
