// Why a segment is as it is: its lane, what it reads, how it runs and what that costs by the data at hand. Works on the project
// files; reads the store where there is one, and remembers nothing.
import { type ExpressionPlaces, loadExpressionPlaces, streamingRoots } from '../1-project/index.js'
import type { Project, Segment } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { EventReads } from '../expressions/event-reads.js'
import type { Expression, TextRange } from '../expressions/expression.js'
import { parseExpression } from '../expressions/parse.js'
import { type RootShape, toRootShape } from '../expressions/root-shape.js'
import type { Dialect } from '../expressions/sql/dialect.js'
import { toAddress } from '../kernel/address.js'
import { type Clock, type Instant, instantFromMs } from '../kernel/clock.js'
import type { JsonObject } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import { type SqlValue, render } from '../kernel/sql-text.js'
import { countRows } from '../matching/count-rows.js'
import { type RuleExplanation, explainRule } from '../matching/explain-rule.js'
import type { HowMatched } from '../matching/match.js'
import type { Store } from '../stores/store.js'
import { matchAsWritten, storedEntities, toRule } from './match-as-written.js'
import { type Failure, labelFailures } from './preview-segment.js'

export interface SegmentExplanation {
  readonly segment: string
  readonly description: string
  /** Where it is written. */
  readonly at?: Span
  readonly entity: ProfileEntity
  readonly expression: string
  readonly evaluation: { readonly lane: Segment['lane']; readonly reason: string; readonly schedule?: string; readonly because: readonly Remark[] }
  readonly reads: {
    readonly things: readonly ThingRead[]
    readonly segments: readonly string[]
    readonly vars: JsonObject
    /** Fields that the files have and the store does not have yet: they read as missing until they are applied. */
    readonly notApplied: readonly string[]
  }
  readonly runs: HowItRuns
  readonly sql: { readonly text: string; readonly parameters: readonly SqlValue[] }
  readonly cost: Cost
}

/** Something about a part of the expression. */
export interface Remark {
  readonly reason: string
  readonly range: TextRange
  readonly part: string
  /** In the file. */
  readonly at?: Span
}

export interface ThingRead {
  /** `person`, `accounts`, `events` … */
  readonly name: string
  /** Empty when only its rows count. */
  readonly fields: readonly string[]
  /** By which way people, accounts or opportunities are found. */
  readonly way?: string
  /** Only of events; empty for any type. */
  readonly eventTypes?: readonly string[]
  /** Only of events. */
  readonly lookBack?: { readonly since: Instant; readonly ms: number; readonly movesWithClock: boolean } | 'whole history'
}

export interface HowItRuns {
  /** `sql`: wholly in the store. `guarded`: in the store but for profiles that it cannot decide. `closure`: every profile by the closure. */
  readonly ran: HowMatched['ran']
  readonly evaluatedBy: Expression['evaluatedBy']
  /** Why profiles that SQL cannot decide go to the package jsonata instead of a closure. */
  readonly declined?: string
  readonly because: readonly Remark[]
}

export type Cost =
  | { readonly known: true; readonly evaluated: number; readonly members: number; readonly undecided: number; readonly tookMs: number; readonly rows: Readonly<Record<string, number>>; readonly failures: readonly Failure[] }
  | { readonly known: false; readonly because: 'no-database' | 'nothing-applied' | 'nothing-read' }

export interface ExplainRequest {
  readonly project: Project
  readonly segment: Segment
  /** The one instant of the whole explanation. */
  readonly nowMs: number
  /** For durations. */
  readonly clock: Clock
  readonly dialect: Dialect
  /** Absent when the sandbox has no database yet. */
  readonly sandbox?: { readonly store: Store; readonly applied: Applied }
}

export async function explainSegment(request: ExplainRequest): Promise<SegmentExplanation> {
  const { project, segment, nowMs, sandbox } = request
  const expression = parse(segment)
  const places = await loadExpressionPlaces(project, segment)
  const remark = remarker(segment.expression, places)
  const entities = sandbox && sandbox.applied.serial > 0 ? storedEntities(project, sandbox.applied) : project.entities
  const rule = explainRule({ entities, rule: toRule(segment, 0), expression, nowMs, dialect: request.dialect })
  const { text, values } = render(rule.statement)
  const at = project.places[toAddress('Segment', segment.name)]?.at
  const shape = toRootShape(project.entities, segment.entity)
  const things = toThingReads({ segment, expression, shape, events: rule.events, nowMs })
  return {
    segment: segment.name, description: segment.description, ...(at ? { at } : {}), entity: segment.entity, expression: segment.expression,
    evaluation: { lane: segment.lane, reason: segment.laneReason, ...(segment.lane === 'streaming' ? {} : { schedule: segment.schedule }), because: forcesBatch(segment, expression).map(({ reason, range }) => remark(reason, range)) },
    reads: { things, segments: segment.readsSegments, vars: segment.vars, notApplied: findNotApplied(expression, shape, toRootShape(entities, segment.entity)) },
    runs: howItRuns(rule, expression, remark),
    sql: { text, parameters: values },
    cost: await measure(request, things),
  }
}

/** The project was loaded, so its expressions are without errors. */
function parse(segment: Segment): Expression {
  const parsed = parseExpression(segment.expression)
  if (!parsed.ok) throw new RangeError(`${segment.name} has errors`)
  return parsed.expression
}

type Remarker = (reason: string, range: TextRange) => Remark

function remarker(text: string, places: ExpressionPlaces): Remarker {
  return (reason, range) => {
    const at = places(range)
    return { reason, range, part: text.slice(range.from, range.to), ...(at ? { at } : {}) }
  }
}

interface Because {
  readonly reason: string
  readonly range: TextRange
}

function forcesBatch(segment: Segment, { reads }: Expression): readonly Because[] {
  if (segment.entity !== 'person') return []
  return reads.roots.filter((each) => !streamingRoots.has(each.name)).map(({ name, range }) => ({ reason: `reads ${name === '*' ? 'everything' : name}`, range }))
}

function howItRuns({ ran, doubts }: RuleExplanation, { evaluatedBy, declined }: Expression, remark: Remarker): HowItRuns {
  return { ran, evaluatedBy, ...(evaluatedBy === 'reference' && declined !== undefined ? { declined } : {}), because: doubts.map(({ reason, range }) => remark(reason, range)) }
}

interface ReadsRequest {
  readonly segment: Segment
  readonly expression: Expression
  readonly shape: RootShape
  readonly events: EventReads | undefined
  readonly nowMs: number
}

function toThingReads({ segment, expression, shape, events, nowMs }: ReadsRequest): readonly ThingRead[] {
  const { reads } = expression
  const known = [...Object.keys(shape.objects), ...Object.keys(shape.relations)]
  const all = reads.columns.includes('*')
  return known.filter((name) => all || reads.roots.some((each) => each.name === name)).map((name) => {
    const fields = reads.columns.filter((each) => each.startsWith(`${name}.`)).map((each) => each.slice(name.length + 1))
    const way = wayOf(name, segment)
    return { name, fields: all ? ['*'] : fields, ...(way === undefined ? {} : { way }), ...(name === 'events' ? eventPart(events, nowMs) : {}) }
  })
}

function wayOf(name: string, { entity, paths }: Segment): string | undefined {
  if (name === 'accounts' || name === 'people') return paths.accounts
  return name === 'opportunities' && entity === 'person' ? paths.opportunities : undefined
}

function eventPart(events: EventReads | undefined, nowMs: number): Pick<ThingRead, 'eventTypes' | 'lookBack'> {
  if (events?.lookBack.is !== 'since') return { eventTypes: events?.eventTypes ?? [], lookBack: 'whole history' }
  const { ms, movesWithClock } = events.lookBack
  return { eventTypes: events.eventTypes, lookBack: { since: instantFromMs(ms), ms: nowMs - ms, movesWithClock } }
}

function findNotApplied({ reads }: Expression, shape: RootShape, stored: RootShape): readonly string[] {
  const fieldsOf = ({ objects, relations }: RootShape): ReadonlySet<string> => new Set(Object.entries({ ...objects, ...relations }).flatMap(([name, { fields }]) => Object.keys(fields).map((each) => `${name}.${each}`)))
  const there = fieldsOf(stored)
  return [...fieldsOf(shape)].filter((each) => !there.has(each) && reads.columns.includes(each))
}

async function measure(request: ExplainRequest, things: readonly ThingRead[]): Promise<Cost> {
  const { project, segment, nowMs, clock, sandbox } = request
  if (!sandbox) return { known: false, because: 'no-database' }
  if (sandbox.applied.serial === 0) return { known: false, because: 'nothing-applied' }
  const { found, tookMs } = await matchAsWritten({ ...sandbox, project, segment, nowMs, clock })
  if (found.evaluated === 0) return { known: false, because: 'nothing-read' }
  return {
    known: true, evaluated: found.evaluated, members: found.ids.length, undecided: found.how.undecided, tookMs: Math.round(tookMs),
    rows: await rowsOf(request, things, sandbox), failures: await labelFailures({ ...sandbox, segment }, found),
  }
}

async function rowsOf({ project, segment }: ExplainRequest, things: readonly ThingRead[], { store, applied }: { readonly store: Store; readonly applied: Applied }): Promise<Readonly<Record<string, number>>> {
  const relations = toRootShape(project.entities, segment.entity).relations
  const entities = storedEntities(project, applied)
  const counts: (readonly [string, number])[] = []
  for (const { name, lookBack } of things.filter((each) => relations[each.name])) {
    const sinceMs = lookBack === undefined || lookBack === 'whole history' ? undefined : Date.parse(lookBack.since)
    counts.push([name, await countRows(store, name, { entities, entity: segment.entity, paths: segment.paths, sinceMs })])
  }
  return Object.fromEntries(counts)
}
