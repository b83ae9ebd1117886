// Stage 6: profiles → memberships. Who is in each applied segment now, and who entered and left since the last time.
import type { Applied } from '../2-plan/applied.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { Clock } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { SegmentMatches } from '../matching/match.js'
import { matchSegments } from '../matching/match-segments.js'
import type { Connection, Store } from '../stores/store.js'
import { type SegmentTask, chooseScopes } from './choose-scope.js'
import { compareMemberships } from './compare-memberships.js'
import type { MembershipChanges, SegmentResult } from './membership.js'
import { type MembershipWrite, type Reason, forgetSegmentStates, writeMemberships, writeSegmentStates } from './write-memberships.js'

export interface EvaluateRequest {
  readonly store: Store
  readonly applied: Applied
  readonly clock: Clock
  readonly run: string
  /** Only the segment of this name, and those linked to it by reading one another. */
  readonly only?: string
}

/**
 * Evaluates what has changed and appends who entered and left to the membership log, all in one transaction.
 * Without new profiles, rules or time that matters, nothing is evaluated and nothing is written.
 */
export async function evaluateSegments(request: EvaluateRequest): Promise<MembershipChanges> {
  const { store, applied, clock } = request
  const nowMs = clock.nowMs()
  const at = clock.now()
  const { seq: profileSeq } = await store.row<{ seq: number }>(sqlText`select coalesce(max(seq), ${param(0)}) as seq from profile_change`)
  const tasks = await chooseScopes(store, applied, request.only)
  const segmentUids = Object.fromEntries(Object.entries(applied.segments).map(([name, { uid }]) => [name, uid]))
  const matches = await matchSegments({ store, entities: applied.entities, rules: tasks.map((each) => each.rule), nowMs, segmentUids })
  return store.transaction(async (tx) => {
    const reasons = new Reasons(tx)
    const evaluated: Evaluated[] = []
    for (const task of tasks) evaluated.push(await evaluate(tx, task, matches.find((each) => each.uid === task.rule.uid), reasons))
    const retired = request.only === undefined ? await retire(tx, applied) : []
    const lastSeq = await writeMemberships(tx, [...evaluated.map((each) => each.write), ...retired.map((each) => each.write)], { run: request.run, at })
    const states = evaluated.map((each) => ({ segment: each.write.segment, digest: each.task.digest, members: each.result.members, errors: each.result.errors }))
    await writeSegmentStates(tx, states, profileSeq, at)
    const idle = await idleResults(tx, applied, tasks, request.only)
    const segments = [...evaluated.map((each) => each.result), ...retired.map((each) => each.result), ...idle].sort((a, b) => (a.segment < b.segment ? -1 : 1))
    return { run: request.run, at, lastSeq, segments }
  })
}

interface Evaluated {
  readonly task: SegmentTask
  readonly write: MembershipWrite
  readonly result: SegmentResult
}

async function evaluate(tx: Connection, task: SegmentTask, matches: SegmentMatches | undefined, reasons: Reasons): Promise<Evaluated> {
  const { rule } = task
  const before = await readMembers(tx, rule.uid)
  const delta = compareMemberships(before, matches?.ids ?? [], rule.scope)
  const members = before.size + delta.entered.length - delta.left.length
  const result = { segment: rule.name, entered: delta.entered.length, left: delta.left.length, members, evaluated: matches?.evaluated ?? 0, errors: matches?.errors ?? {} }
  return { task, write: { segment: rule.uid, delta, reasons: delta.left.length > 0 ? await reasons.of(rule.entity) : new Map() }, result }
}

/** Everybody leaves a segment that was removed; their exits are delivered like any others. */
async function retire(tx: Connection, applied: Applied): Promise<readonly { readonly write: MembershipWrite; readonly result: SegmentResult }[]> {
  const removed = applied.retired.filter((each) => each.segmentRemoved)
  const all: { readonly write: MembershipWrite; readonly result: SegmentResult }[] = []
  for (const { segment } of removed) {
    const left = [...(await readMembers(tx, segment.uid))]
    const reasons = new Map(left.map((id): readonly [number, Reason] => [id, 'segment-removed']))
    const result = { segment: segment.spec.name, entered: 0, left: left.length, members: 0, evaluated: 0, errors: {} }
    all.push({ write: { segment: segment.uid, delta: { entered: [], left }, reasons }, result })
  }
  await forgetSegmentStates(tx, removed.map(({ segment }) => segment.uid))
  return all.filter((each) => each.result.left > 0)
}

async function idleResults(tx: Connection, applied: Applied, tasks: readonly SegmentTask[], only: string | undefined): Promise<readonly SegmentResult[]> {
  const busy = new Set(tasks.map((each) => each.rule.uid))
  const states = await tx.rows<{ segment: number; members: number }>(sqlText`select segment, members from segment_state`)
  const idle = Object.values(applied.segments).filter(({ uid, spec }) => !busy.has(uid) && (only === undefined || spec.name === only))
  return idle.map(({ uid, spec }) => ({ segment: spec.name, entered: 0, left: 0, members: states.find((each) => each.segment === uid)?.members ?? 0, evaluated: 0, errors: {} }))
}

async function readMembers(tx: Connection, segment: number): Promise<ReadonlySet<number>> {
  const members = new Set<number>()
  for await (const { columns } of tx.chunks(sqlText`select id from membership where segment = ${param(segment)} and status = 'realized' order by id`)) {
    for (const id of columns[0] ?? []) members.add(Number(id))
  }
  return members
}

/** Why profiles that are gone left: those that were removed or merged into another, asked for once per entity. */
class Reasons {
  readonly #known = new Map<ProfileEntity, ReadonlyMap<number, Reason>>()

  constructor(private readonly tx: Connection) {}

  async of(entity: ProfileEntity): Promise<ReadonlyMap<number, Reason>> {
    const known = this.#known.get(entity) ?? (await this.read(entity))
    this.#known.set(entity, known)
    return known
  }

  private async read(entity: ProfileEntity): Promise<ReadonlyMap<number, Reason>> {
    const rows = await this.tx.rows<{ id: number; change: string }>(
      sqlText`select id, arg_max(change, seq) as change from profile_change where entity = ${param(entity)} group by id having arg_max(change, seq) in ('removed', 'merged')`,
    )
    return new Map(rows.map((each): readonly [number, Reason] => [each.id, each.change === 'merged' ? 'profile-merged' : 'profile-removed']))
  }
}
