// Schema documents → the entities of the project: the B2B pack with the project's fields, identities and merge policies.
import { type EntityName, type EntitySchema, type Field, type IdentityField } from '../entities/entity-schema.js'
import { namespaces, standardEntities } from '../entities/standard-entities.js'
import type { DiagnosticLog } from '../kernel/diagnostic.js'
import { suggestion } from '../kernel/suggest.js'
import type { Placed } from './placed.js'
import type { WrittenSchema } from './written.js'

export function resolveSchemas(schemas: readonly Placed<WrittenSchema>[], sourceNames: readonly string[], log: DiagnosticLog): Readonly<Record<EntityName, EntitySchema>> {
  const own = schemas.flatMap((each) => resolveSchema(each, { schemas, sourceNames, log }) ?? [])
  return { ...standardEntities, ...Object.fromEntries(own.map((each) => [each.name, each])) }
}

interface Scope {
  readonly schemas: readonly Placed<WrittenSchema>[]
  readonly sourceNames: readonly string[]
  readonly log: DiagnosticLog
}

function resolveSchema(placed: Placed<WrittenSchema>, scope: Scope): EntitySchema | undefined {
  const written = placed.value
  const base = findBase(placed, scope.log)
  if (base === 'unknown') return undefined
  const fields = { ...base.fields, ...resolveFields(placed, base, scope) }
  const identities = written.identities ? written.identities.map((each): IdentityField => ({ field: each.field, namespace: each.namespace, unique: each.unique === true })) : base.identities
  checkIdentities(placed, fields, scope.log)
  return {
    ...base,
    description: written.description ?? base.description,
    fields,
    identities: mergeIdentities(base.identities, identities),
    mergePolicy: resolveMergePolicy(placed, base, scope),
  }
}

// Declared identities replace the standard ones of the same field; the others stay, so that source keys keep their links.
function mergeIdentities(base: readonly IdentityField[], own: readonly IdentityField[]): readonly IdentityField[] {
  return [...own, ...base.filter((each) => !own.some((other) => other.field === each.field))]
}

function findBase(placed: Placed<WrittenSchema>, log: DiagnosticLog): EntitySchema | 'unknown' {
  const { name, extends: parent, grain } = placed.value
  const wanted = parent?.replace(/^b2b\//, '') ?? name
  const standard = standardEntities[wanted]
  if (parent !== undefined && !standard) {
    log.report('project/unknown-reference', { what: 'schema', name: parent, suggestion: suggestion(parent, Object.keys(standardEntities).map((each) => `b2b/${each}`)) }, placed.spanOf(['extends']))
    return 'unknown'
  }
  if (standard) return { ...standard, name }
  return { name, grain: grain ?? 'stitched', description: '', namespace: `b2b_${name.replaceAll('-', '_')}`, fields: {}, identities: [], mergePolicy: { method: 'timestamp' } }
}

function resolveFields(placed: Placed<WrittenSchema>, base: EntitySchema, { schemas, log }: Scope): Readonly<Record<string, Field>> {
  const entities = [...Object.keys(standardEntities), ...schemas.map((each) => each.value.name)]
  const resolved: Record<string, Field> = {}
  for (const [name, written] of Object.entries(placed.value.fields ?? {})) {
    const { references } = written
    const standard = base.fields[name]
    const type = references === undefined ? (written.type ?? standard?.type ?? 'string') : 'key'
    if (references !== undefined && !entities.includes(references)) {
      log.report('project/unknown-reference', { what: 'entity', name: references, suggestion: suggestion(references, entities) }, placed.spanOf(['fields', name, 'references']))
    }
    if (!/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/.test(name)) {
      log.report('project/bad-value', { key: name, problem: 'is no field name: letters, digits and underscores, dots between nested names' }, placed.keySpanOf(['fields', name]))
    }
    if (standard && standard.type !== type) {
      log.report('project/incompatible-field', { field: name, entity: base.name, wanted: standard.type, found: type }, placed.spanOf(['fields', name]))
    }
    const labels = [...new Set([...(standard?.labels ?? []), ...(written.labels ?? [])])]
    resolved[name] = { ...standard, ...written, type, ...(labels.length === 0 ? {} : { labels }) }
  }
  return resolved
}

function checkIdentities(placed: Placed<WrittenSchema>, fields: Readonly<Record<string, Field>>, log: DiagnosticLog): void {
  for (const [index, { field, namespace }] of (placed.value.identities ?? []).entries()) {
    if (!fields[field]) log.report('project/unknown-field', { field, entity: placed.value.name, suggestion: suggestion(field, Object.keys(fields)) }, placed.spanOf(['identities', index, 'field']))
    if (namespaces[namespace] === undefined) {
      log.report('project/unknown-reference', { what: 'namespace', name: namespace, suggestion: suggestion(namespace, Object.keys(namespaces)) }, placed.spanOf(['identities', index, 'namespace']))
    }
  }
}

function resolveMergePolicy(placed: Placed<WrittenSchema>, base: EntitySchema, { sourceNames, log }: Scope): EntitySchema['mergePolicy'] {
  const policy = placed.value.mergePolicy
  if (!policy) return base.mergePolicy
  if (policy.method === 'timestamp') return { method: 'timestamp' }
  for (const [index, name] of (policy.sources ?? []).entries()) {
    if (!sourceNames.includes(name)) log.report('project/unknown-reference', { what: 'source', name, suggestion: suggestion(name, sourceNames) }, placed.spanOf(['mergePolicy', 'sources', index]))
  }
  if (!policy.sources) log.report('project/missing-key', { key: 'sources', where: '"mergePolicy" with method precedence' }, placed.keySpanOf(['mergePolicy']))
  return { method: 'precedence', sources: policy.sources ?? [] }
}
