// What must be evaluated now, and for whom: everybody when the rule is new or the clock matters, else the changed profiles.
import type { Segment } from '../1-project/project.js'
import type { Applied, AppliedResource } from '../2-plan/applied.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import { parseOnce } from '../expressions/parse-once.js'
import { type Json, digest } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { SegmentRule } from '../matching/match.js'
import { withLinked, withReaders } from '../matching/reading-segments.js'
import type { Connection } from '../stores/store.js'

export interface SegmentTask {
  readonly rule: SegmentRule
  readonly digest: string
  /** Its members, if any, were computed from another rule. */
  readonly isNewRule: boolean
}

interface SegmentState {
  readonly segment: number
  readonly digest: string
  readonly profile_seq: number
}

/**
 * Tasks for the profiles that changed, in the segments that do not wait for a run: streaming ones, and on-change ones as long as no
 * more than `most` profiles changed. A segment whose rule is new waits for its first run, in which everybody is looked at; that a
 * time window closes is seen by the runs, too.
 */
export async function chooseTouched(store: Connection, applied: Applied, most: number): Promise<readonly SegmentTask[]> {
  const states = await readStates(store)
  const changes = new ChangedProfiles(store)
  const tasks: SegmentTask[] = []
  for (const segment of byName(applied).filter(({ spec }) => spec.lane !== 'batch')) {
    const state = states.find((each) => each.segment === segment.uid)
    if (!state || isNewRule(segment, states)) continue
    const isBounded = segment.spec.lane === 'on-change'
    // A load of many is not read again with each small step until a run has taken it.
    if (isBounded && (await changes.lastSeq()) - state.profile_seq > most * manyChanges) continue
    const scope = await changes.since(segment.spec.entity, state.profile_seq)
    if (scope.length > 0 && !(isBounded && scope.length > most)) tasks.push({ digest: state.digest, rule: toRule(segment, scope), isNewRule: false })
  }
  return tasks
}

/** A profile may have changed several times, and those of other entities are counted with them. */
const manyChanges = 10

function readStates(store: Connection): Promise<readonly SegmentState[]> {
  return store.rows<{ segment: number; digest: string; profile_seq: number }>(sqlText`select segment, digest, profile_seq from segment_state`)
}

function byName(applied: Applied): readonly AppliedResource<Segment>[] {
  return Object.values(applied.segments).sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1))
}

/**
 * Tasks for the segments that have something to do, by name. Segments that read one that is evaluated for everybody are so, too.
 * `only` some segments means them and those linked to them by reading: evaluated apart, they would miss each other's changes.
 */
export async function chooseScopes(store: Connection, applied: Applied, only?: readonly string[]): Promise<readonly SegmentTask[]> {
  const states = await readStates(store)
  const all = byName(applied)
  const wanted = only === undefined ? all : findLinked(all, only)
  const changes = new ChangedProfiles(store)
  const everybody = findForEverybody(wanted, states)
  const tasks: SegmentTask[] = []
  for (const segment of wanted) {
    const state = states.find((each) => each.segment === segment.uid)
    const scope = everybody.has(segment.spec.name) || !state ? undefined : await changes.since(segment.spec.entity, state.profile_seq)
    if (scope?.length === 0) continue
    tasks.push({ digest: ruleDigest(segment.spec), rule: toRule(segment, scope), isNewRule: isNewRule(segment, states) })
  }
  return tasks
}

function findLinked(all: readonly AppliedResource<Segment>[], names: readonly string[]): readonly AppliedResource<Segment>[] {
  const linked = withLinked(names, all.map(({ spec }) => spec))
  return all.filter(({ spec }) => linked.has(spec.name))
}

function findForEverybody(wanted: readonly AppliedResource<Segment>[], states: readonly SegmentState[]): ReadonlySet<string> {
  const first = wanted.filter((each) => isNewRule(each, states) || usesClock(each.spec)).map(({ spec }) => spec.name)
  return withReaders(first, wanted.map(({ spec }) => spec))
}

function isNewRule({ uid, spec }: AppliedResource<Segment>, states: readonly SegmentState[]): boolean {
  return states.find((each) => each.segment === uid)?.digest !== ruleDigest(spec)
}

function usesClock(segment: Segment): boolean {
  const parsed = parseOnce(segment.expression)
  return parsed.ok && parsed.expression.reads.usesClock
}

class ChangedProfiles {
  readonly #known = new Map<string, Promise<readonly number[]>>()
  #last: Promise<number> | undefined

  constructor(private readonly store: Connection) {}

  since(entity: ProfileEntity, seq: number): Promise<readonly number[]> {
    const key = `${entity} ${String(seq)}`
    const known = this.#known.get(key) ?? this.read(entity, seq)
    this.#known.set(key, known)
    return known
  }

  lastSeq(): Promise<number> {
    this.#last ??= this.store.row<{ last: number }>(sqlText`select coalesce(max(seq), 0) as last from profile_change`).then(({ last }) => last)
    return this.#last
  }

  private async read(entity: ProfileEntity, seq: number): Promise<readonly number[]> {
    const rows = await this.store.rows<{ id: number }>(sqlText`select distinct id from profile_change where entity = ${param(entity)} and seq > ${param(seq)} order by id`)
    return rows.map((each) => each.id)
  }
}

function toRule({ uid, spec }: AppliedResource<Segment>, scope: readonly number[] | undefined): SegmentRule {
  const { name, entity, expression, paths, vars, readsSegments } = spec
  return { uid, name, entity, expression, paths, vars, readsSegments, ...(scope ? { scope } : {}) }
}

/** Everything that decides who is in a segment. */
export function ruleDigest({ entity, expression, paths, vars, readsSegments }: Segment): string {
  return digest(JSON.parse(JSON.stringify({ entity, expression, paths, vars, readsSegments })) as Json)
}
