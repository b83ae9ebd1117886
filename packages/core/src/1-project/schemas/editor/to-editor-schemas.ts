// JSON Schemas (draft-07) for editors: one per kind of document, and one for all of them, in which `kind` decides. They describe the
// files as they are written: variables not put in yet, secrets as references, configurations by their connector.
import { corePolicies } from '../../../entities/core-policies.js'
import type { EntityName, EntitySchema } from '../../../entities/entity-schema.js'
import { namespaces, standardEntities } from '../../../entities/standard-entities.js'
import { documentKinds } from '../../../kernel/address.js'
import { checkCodes } from '../../../kernel/codes/checks.js'
import type { JsonObject } from '../../../kernel/json.js'
import type { GuardrailFacts } from '../../../plugins/guardrail.js'
import { documentSchemas, segmentTestSchema } from '../documents.js'
import { acceptVariables } from './accept-variables.js'
import { type KnownConnectors, withDestinationConnectors, withSourceConnectors } from './connector-schemas.js'
import { changeParts, constant } from './schema-parts.js'

export interface EditorSchemaRequest extends KnownConnectors {
  readonly guardrails: readonly GuardrailFacts[]
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
}

export const combinedFile = 'cdp.schema.json'

/** Schemas by the name of their file. */
export function toEditorSchemas(request: EditorSchemaRequest): Readonly<Record<string, JsonObject>> {
  const kinds = { ...Object.fromEntries(documentKinds.map((kind) => [kind, toKindSchema(kind, request)])), SegmentTest: withKind('SegmentTest', segmentTestSchema) }
  const single = Object.entries(kinds).map(([kind, schema]) => [`${fileName(kind)}.schema.json`, { ...draft, ...schema }] as const)
  return { [combinedFile]: combined(kinds), ...Object.fromEntries(single) }
}

const draft = { $schema: 'http://json-schema.org/draft-07/schema#' } as const

function fileName(kind: string): string {
  return kind.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()
}

function combined(kinds: Readonly<Record<string, JsonObject>>): JsonObject {
  const descriptions = Object.entries(kinds).map(([kind, schema]) => constant(kind, schema['description'] as string))
  return {
    ...draft,
    type: 'object',
    required: ['kind'],
    properties: { kind: { description: 'What the document is.', anyOf: descriptions } },
    allOf: Object.keys(kinds).map((kind) => ({ if: { required: ['kind'], properties: { kind: { const: kind } } }, then: { $ref: `#/definitions/${kind}` } })),
    definitions: kinds,
  }
}

function toKindSchema(kind: keyof typeof documentSchemas, request: EditorSchemaRequest): JsonObject {
  const schema = withKind(kind, documentSchemas[kind])
  switch (kind) {
    case 'Project':
    case 'Sandbox':
      return withGuardrails(schema, request.guardrails)
    case 'Source':
      return withSourceConnectors(withVariables(schema), request, request.entities)
    case 'Destination':
      return withDestinationConnectors(withVariables(schema), request)
    case 'Schema':
      return withVariables(withChoices(schema, { extends: entityNames, namespace: namespaceNames }))
    case 'Segment':
      return withVariables(withChoices(schema, { off: warningCodes }))
    case 'Policy':
      return withVariables(schema)
  }
}

function withKind(kind: string, schema: JsonObject): JsonObject {
  return { ...schema, required: ['kind', ...(schema['required'] as readonly string[])], properties: { ...(schema['properties'] as JsonObject), kind: { const: kind, description: 'What the document is.' } } }
}

/** What a document is and what it is called is never a variable. */
function withVariables(schema: JsonObject): JsonObject {
  const { kind, name, apiVersion } = schema['properties'] as Readonly<Record<'kind' | 'name' | 'apiVersion', JsonObject>>
  const inside = changeParts(schema, acceptVariables)
  return { ...inside, properties: { ...(inside['properties'] as JsonObject), apiVersion, kind, name } }
}

const entityNames = Object.values(standardEntities).map((each) => constant(`b2b/${each.name}`, each.description))
const namespaceNames = Object.entries(namespaces).map(([each, identifies]) => constant(each, `Identifies a ${identifies}.`))
const warningCodes = Object.entries(checkCodes).flatMap(([code, { severity, summary }]) => (severity === 'warning' ? [constant(code, summary)] : []))
const policyNames = corePolicies.map((each) => constant(each.name, each.description))

/** Texts of which there are only so many, by the key that has them. */
function withChoices(schema: JsonObject, choices: Readonly<Record<string, readonly JsonObject[]>>): JsonObject {
  return changeParts(schema, (part, key) => {
    const chosen = key === undefined ? undefined : choices[key]
    if (chosen === undefined) return withChoices(part, choices)
    const { description } = part
    return part['type'] === 'array' ? { ...part, items: { anyOf: [...chosen] } } : { ...(description === undefined ? {} : { description }), anyOf: [...chosen] }
  })
}

function withGuardrails(schema: JsonObject, guardrails: readonly GuardrailFacts[]): JsonObject {
  const byId = (override: JsonObject): JsonObject => Object.fromEntries(guardrails.filter((each) => each.isFixed !== true).map(({ id, title, why }) => [id, { ...override, description: `${title}. ${why}` }]))
  const changed = changeParts(schema, (part, key) => {
    if (key !== 'guardrails') return part
    return changeParts(part, (inside, name) => (name === 'overrides' ? { ...inside, properties: byId(inside['additionalProperties'] as JsonObject), additionalProperties: false } : inside))
  })
  return withChoices(changed, { enable: policyNames })
}
