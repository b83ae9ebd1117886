// Desired × applied → changes. Pure: the same two states always give the same changes, in dependency order.
import type { Lane, Project } from '../1-project/project.js'
import { type Json, type JsonObject, isJsonObject, toText } from '../kernel/json.js'
import type { Applied } from './applied.js'
import { classify } from './classify.js'
import { diffFields } from './diff-fields.js'
import { inOrder } from './order.js'
import type { Change, FieldChange } from './plan.js'
import { type Resource, appliedResources, projectResources } from './resources.js'

/** An applied resource and the one that takes its place: same address, or the new name that says `renamedFrom` the old one. */
export interface Pair {
  readonly before?: Resource
  readonly after?: Resource
}

export function diff(project: Project, applied: Applied): readonly Change[] {
  const pairs = toPairs(projectResources(project), appliedResources(applied))
  const vars = diffFields(applied.sandbox.vars, project.sandbox.vars, 'vars')
  const changes = pairs.flatMap((pair) => toChange(pair, project, vars))
  return inOrder([...sandboxChange(project, applied), ...changes])
}

export function toPairs(desired: readonly Resource[], applied: readonly Resource[]): readonly Pair[] {
  const left = new Map(applied.map((each) => [each.address, each]))
  const wanted = new Set(desired.map((each) => each.address))
  const pairs = desired.map((after): Pair => {
    const before = left.get(after.address) ?? findFormer(after, applied, wanted)
    if (before) left.delete(before.address)
    return before ? { before, after } : { after }
  })
  return [...pairs, ...[...left.values()].map((before): Pair => ({ before }))]
}

// A former name counts only while nobody else uses it: `renamedFrom` may stay in the file for ever.
function findFormer(after: Resource, applied: readonly Resource[], wanted: ReadonlySet<string>): Resource | undefined {
  return applied.find((each) => each.kind === after.kind && after.renamedFrom.includes(each.name) && !wanted.has(each.address))
}

function toChange({ before, after }: Pair, project: Project, vars: readonly FieldChange[]): readonly Change[] {
  if (after && !before) return after.kind === 'Schema' && isEmptySchema(after) ? [] : [created(after, project)]
  if (before && !after) return [{ address: before.address, action: 'delete', classes: classify(before.kind, 'delete', []), fields: [], notes: [] }]
  if (!before || !after) return []
  const renamed = before.address !== after.address
  const fields = diffFields(comparable(before.spec), comparable(after.spec)).filter((each) => !renamed || each.field !== 'name')
  if (fields.length === 0 && !renamed) return []
  const place = project.places[after.address]
  const cause = findCause(fields, vars)
  const lane = laneChange(before.spec, after.spec)
  return [
    {
      address: after.address,
      action: renamed ? 'rename' : 'update',
      classes: classify(after.kind, renamed ? 'rename' : 'update', fields),
      ...(renamed ? { from: before.address } : {}),
      fields,
      ...(place ? { at: place.at } : {}),
      ...(cause === undefined ? {} : { cause }),
      ...(lane ? { lane } : {}),
      notes: [],
    },
  ]
}

function laneChange(before: JsonObject, after: JsonObject): Change['lane'] {
  if (before['lane'] === after['lane']) return undefined
  return { before: before['lane'] as Lane, after: after['lane'] as Lane, reason: toText(after['laneReason']) }
}

function created(after: Resource, project: Project): Change {
  const place = project.places[after.address]
  return { address: after.address, action: 'create', classes: classify(after.kind, 'create', []), fields: [], ...(place ? { at: place.at } : {}), notes: [] }
}

function isEmptySchema(schema: Resource): boolean {
  return isJsonObject(schema.spec['fields']) && Object.keys(schema.spec['fields']).length === 0
}

// `renamedFrom` is advice to the planner, and a lane's reason follows from the expression: neither is a change by itself.
function comparable(spec: JsonObject): JsonObject {
  const { renamedFrom: _renamedFrom, laneReason: _laneReason, ...rest } = spec
  return rest
}

function sandboxChange(project: Project, applied: Applied): readonly Change[] {
  if (applied.serial === 0) return []
  const fields = diffFields(settings(applied), settings(project))
  if (fields.length === 0) return []
  return [{ address: `Sandbox/${project.sandbox.name}`, action: 'update', classes: ['metadata'], fields, notes: [] }]
}

function settings({ sandbox, timezone, organization, guardrails }: Pick<Applied, 'sandbox' | 'timezone' | 'organization' | 'guardrails'>): JsonObject {
  const { profile, overrides } = guardrails
  return {
    protect: sandbox.protect, timezone, organization, vars: sandbox.vars, ...(sandbox.allow ? { network: { allow: sandbox.allow } } : {}), ...(sandbox.retention ? { retention: { ...sandbox.retention } } : {}),
    guardrails: { profile, ...Object.fromEntries(overrides.map(({ id, ...rest }) => [id, { ...rest }])) },
  }
}

/** When a resource changed only because a sandbox variable did: which one. */
function findCause(fields: readonly FieldChange[], vars: readonly FieldChange[]): string | undefined {
  if (fields.length === 0) return undefined
  const causes = fields.map((field) => vars.find((each) => explains(each, field)))
  if (causes.includes(undefined)) return undefined
  return `${[...new Set(causes.map((each) => each?.field ?? ''))].sort().join(', ')} changed`
}

function explains(variable: FieldChange, field: FieldChange): boolean {
  if (field.field === variable.field) return true
  return contains(field.before, variable.before) && contains(field.after, variable.after)
}

function contains(value: Json | undefined, part: Json | undefined): boolean {
  if (value === undefined || part === undefined) return false
  if (typeof value === 'string' && typeof part === 'string') return part !== '' && value.includes(part)
  return value === part
}
