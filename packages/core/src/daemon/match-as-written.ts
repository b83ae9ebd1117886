// A segment of the project files, matched against the data at hand together with the segments that it reads; remembers nothing.
import type { Project, Segment } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import type { Clock } from '../kernel/clock.js'
import type { SegmentMatches, SegmentRule } from '../matching/match.js'
import { matchSegments } from '../matching/match-segments.js'
import type { Store } from '../stores/store.js'

export interface AsWrittenRequest {
  readonly store: Store
  readonly applied: Applied
  readonly project: Project
  readonly segment: Segment
  /** The one instant of the whole evaluation. */
  readonly nowMs: number
  /** For durations. */
  readonly clock: Clock
  /** Only these profiles. */
  readonly scope?: readonly number[]
}

export interface MatchedAsWritten {
  readonly found: SegmentMatches
  /** Segments that it reads, directly or not, by name. */
  readonly read: ReadonlyMap<string, SegmentMatches>
  /** Of all of them together. */
  readonly tookMs: number
}

export async function matchAsWritten(request: AsWrittenRequest): Promise<MatchedAsWritten> {
  const { store, applied, project, segment, nowMs, clock } = request
  const segments = [segment, ...readSegments(project, segment)]
  // None of them needs to be applied, so none needs to have a uid: these are nobody's.
  const rules = segments.map((each, index) => ({ ...toRule(each, -1 - index), ...(request.scope ? { scope: request.scope } : {}) }))
  const startedMs = clock.ticksMs()
  const matches = await matchSegments({ store, entities: storedEntities(project, applied), rules, nowMs, segmentUids: {} })
  const [found, ...read] = matches
  if (!found) throw new RangeError('a rule without an answer')
  return { found, read: new Map(read.map((each, index) => [segments[index + 1]?.name ?? '', each])), tookMs: clock.ticksMs() - startedMs }
}

export function toRule({ name, entity, expression, paths, vars, readsSegments }: Segment, uid: number): SegmentRule {
  return { uid, name, entity, expression, paths, vars, readsSegments }
}

/** Directly or not, each once. */
export function readSegments({ segments }: Project, segment: Segment): readonly Segment[] {
  const found = new Map<string, Segment>()
  let wanted = segment.readsSegments
  while (wanted.length > 0) {
    const next = segments.filter((each) => wanted.includes(each.name) && !found.has(each.name))
    for (const each of next) found.set(each.name, each)
    wanted = next.flatMap((each) => each.readsSegments)
  }
  return [...found.values()]
}

/** The fields that the files and the store both have: one that was not applied yet has no column, and so no value. */
export function storedEntities(project: Project, applied: Applied): Readonly<Record<EntityName, EntitySchema>> {
  return Object.fromEntries(Object.entries(project.entities).flatMap(([name, schema]) => {
    const stored = applied.entities[name]
    if (!stored) return []
    const fields = Object.entries(schema.fields).filter(([field, { type }]) => stored.fields[field]?.type === type)
    return [[name, { ...schema, fields: Object.fromEntries(fields) }] as const]
  }))
}
