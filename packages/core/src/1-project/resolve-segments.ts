// Segment documents → segments: the expression checked, what it reads known, the lane chosen from that.
import { type ProfileEntity, defaultPaths } from '../entities/profile-entity.js'
import type { Expression, RootRead } from '../expressions/expression.js'
import type { RootShape } from '../expressions/root-shape.js'
import { suggestion } from '../kernel/suggest.js'
import { checkExpression } from './check-expression.js'
import { checkMeaning } from './check-meaning.js'
import type { Placed } from './placed.js'
import type { Lane, Safety, Segment } from './project.js'
import { type ResolveScope, checkSchedule } from './resolve-sources.js'
import type { WrittenSegment } from './written.js'

export interface SegmentScope extends ResolveScope {
  readonly safety: Safety
  readonly segments: readonly Placed<WrittenSegment>[]
  readonly destinationNames: readonly string[]
  /** What the expressions see, by entity. */
  readonly shapes: Readonly<Record<ProfileEntity, RootShape>>
  /** Whether what the expressions mean is told; not of sandboxes that are only looked at beside another. */
  readonly tellsMeaning: boolean
}

/** What an expression sees at its root, per entity (docs/guide/segments.md). */
const rootNames: Readonly<Record<ProfileEntity, readonly string[]>> = {
  person: ['id', 'person', 'accounts', 'opportunities', 'opportunityRoles', 'campaignMemberships', 'listMemberships', 'events', 'segments'],
  account: ['id', 'account', 'people', 'opportunities', 'parent', 'children', 'segments'],
}
/** Roots that a streaming evaluation knows: the person, their events, memberships of other segments. */
export const streamingRoots: ReadonlySet<string> = new Set(['id', 'person', 'events', 'segments'])

const defaultSchedule = '0 2 * * *'

export function resolveSegment(placed: Placed<WrittenSegment>, scope: SegmentScope): Segment {
  const written = placed.value
  const entity = written.entity ?? 'person'
  const expression = checkExpression(placed, ['expression'], written.expression, scope.log)
  if (expression) checkReads(placed, expression, entity, scope)
  checkActivations(placed, scope)
  const schedule = written.evaluation?.schedule
  if (schedule !== undefined) checkSchedule(placed, ['evaluation', 'schedule'], schedule, scope.log)
  const { lane, reason } = chooseLane(placed, expression, entity, scope)
  if (expression && scope.tellsMeaning) checkMeaning(placed, expression, { shape: scope.shapes[entity], vars: scope.vars, streams: lane === 'streaming', log: scope.log })
  const vars = (expression?.reads.vars ?? []).flatMap(({ name }) => (Object.hasOwn(scope.vars, name) ? [[name, scope.vars[name] ?? null] as const] : []))
  return {
    name: written.name,
    description: written.description ?? '',
    entity,
    expression: written.expression,
    paths: { ...defaultPaths, ...written.paths },
    lane,
    laneReason: reason,
    schedule: schedule ?? defaultSchedule,
    readsSegments: [...new Set((expression?.reads.segments ?? []).map((each) => each.name))].sort(),
    vars: Object.fromEntries(vars),
    activate: (written.activate ?? []).map((each) => ({ destination: each.destination, list: each.list ?? written.name, onRemove: each.onRemove ?? 'clear' })),
    safety: { ...scope.safety, ...written.safety },
    renamedFrom: written.renamedFrom ?? [],
  }
}

function checkReads(placed: Placed<WrittenSegment>, { reads }: Expression, entity: ProfileEntity, scope: SegmentScope): void {
  const { log, vars, sandbox, segments } = scope
  const place = (read: RootRead): ReturnType<Placed['spanOf']> => placed.spanInText(['expression'], read.range)
  for (const read of reads.roots.filter((each) => each.name !== '*' && !rootNames[entity].includes(each.name))) {
    const near = suggestion(read.name, rootNames[entity])
    log.report('expression/unknown-name', { name: read.name, entity, suggestion: near || `It sees ${rootNames[entity].join(', ')}.` }, place(read))
  }
  for (const read of reads.vars.filter((each) => !Object.hasOwn(vars, each.name))) {
    log.report('expression/unknown-var', { name: read.name, sandbox, suggestion: suggestion(read.name, Object.keys(vars)) }, place(read))
  }
  for (const read of reads.segments) {
    const other = segments.find((each) => each.value.name === read.name)
    if (!other) log.report('expression/unknown-segment', { name: read.name, suggestion: suggestion(read.name, segments.map((each) => each.value.name)) }, place(read))
    else if ((other.value.entity ?? 'person') !== entity) log.report('project/segment-of-other-entity', { name: read.name, wanted: entity, found: other.value.entity ?? 'person' }, place(read))
  }
}

function checkActivations(placed: Placed<WrittenSegment>, { destinationNames, log }: SegmentScope): void {
  const seen = new Set<string>()
  for (const [index, { destination }] of (placed.value.activate ?? []).entries()) {
    const at = placed.spanOf(['activate', index, 'destination'])
    if (!destinationNames.includes(destination)) log.report('project/unknown-reference', { what: 'destination', name: destination, suggestion: suggestion(destination, destinationNames) }, at)
    if (seen.has(destination)) log.report('project/duplicate-name', { address: `The activation of Segment/${placed.value.name} to "${destination}"` }, at)
    seen.add(destination)
  }
}

interface ChosenLane {
  readonly lane: Lane
  readonly reason: string
}

/** Derived from what the expression reads, never guessed; an asked-for lane must be one that it can have. */
function chooseLane(placed: Placed<WrittenSegment>, expression: Expression | undefined, entity: ProfileEntity, { log }: SegmentScope): ChosenLane {
  const asked = placed.value.evaluation?.mode
  const roots = expression?.reads.roots ?? []
  const blocking = roots.filter((each) => !streamingRoots.has(each.name))
  const canStream = entity === 'person' && blocking.length === 0
  const [first] = blocking
  if (asked === 'streaming' && !canStream) {
    const at = first ? placed.spanInText(['expression'], first.range) : placed.spanOf(['evaluation', 'mode'])
    const note = first ? `reads ${first.name === '*' ? 'everything' : first.name}` : 'holds accounts'
    log.report('guardrail/segment-needs-batch', { segment: placed.value.name, name: note }, at, [{ text: 'asked for here', at: placed.spanOf(['evaluation', 'mode']) }])
  }
  const reads = `reads ${[...new Set(blocking.map((each) => (each.name === '*' ? 'everything' : each.name)))].join(', ')}`
  if (canStream) return { lane: asked ?? 'streaming', reason: roots.length === 0 ? 'reads nothing of the profile' : `reads only ${[...new Set(roots.map((each) => each.name))].join(', ')}` }
  return { lane: asked === 'on-change' ? 'on-change' : 'batch', reason: entity === 'account' ? 'batch is required: holds accounts' : `batch is required: ${reads}` }
}
