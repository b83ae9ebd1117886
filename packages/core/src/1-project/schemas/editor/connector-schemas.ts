// The parts of a Source and of a Destination that depend on the connector: its configuration, and the streams that it knows.
import type { EntityName, EntitySchema } from '../../../entities/entity-schema.js'
import { type JsonObject, isJsonArray } from '../../../kernel/json.js'
import { knownStreams } from '../../../plugins/known-streams.js'
import type { Connector, ConnectorSide, SourceConnector } from '../../../plugins/sdk.js'
import { acceptReferences } from './accept-references.js'
import { acceptVariables, variable } from './accept-variables.js'
import { constant } from './schema-parts.js'

export interface KnownConnectors {
  readonly connectors: readonly Connector[]
  /** A plugin of the project could not be loaded: there may be others. */
  readonly mayBeMore: boolean
}

export function withSourceConnectors(schema: JsonObject, known: KnownConnectors, entities: Readonly<Record<EntityName, EntitySchema>>): JsonObject {
  const sources = known.connectors.flatMap(({ name, title, source }) => (source ? [{ name, title, side: source }] : []))
  const mapping = Object.values(entities).map(mapOfEntity)
  return {
    ...schema,
    properties: { ...(schema['properties'] as JsonObject), connector: connectorNames(schema, sources, known.mayBeMore) },
    allOf: [...sources.map(({ name, side }) => when(name, sourceParts(side))), { properties: { streams: { items: { allOf: mapping } } } }],
  }
}

export function withDestinationConnectors(schema: JsonObject, known: KnownConnectors): JsonObject {
  const destinations = known.connectors.flatMap(({ name, title, destination }) => (destination ? [{ name, title, side: destination }] : []))
  return {
    ...schema,
    properties: { ...(schema['properties'] as JsonObject), connector: connectorNames(schema, destinations, known.mayBeMore) },
    // What a shared configuration has is not written twice.
    allOf: destinations.map(({ name, side }) => when(name, { if: { required: ['configFrom'] }, then: configOf(side, 'shared'), else: configOf(side, 'own') })),
  }
}

interface Named {
  readonly name: string
  readonly title: string
}

function connectorNames(schema: JsonObject, known: readonly Named[], mayBeMore: boolean): JsonObject {
  const { description, ...written } = (schema['properties'] as Readonly<Record<string, JsonObject>>)['connector'] ?? {}
  return { ...(description === undefined ? {} : { description }), anyOf: [...known.map(({ name, title }) => constant(name, title)), mayBeMore ? written : variable] }
}

function when(connector: string, then: JsonObject): JsonObject {
  return { if: { required: ['connector'], properties: { connector: { const: connector } } }, then }
}

function configOf(side: ConnectorSide, is: 'own' | 'shared'): JsonObject {
  // Of a shared configuration a part is written: whether it is complete, the part does not tell.
  const { type = 'object', properties = {}, additionalProperties = true, required = [] } = side.configSchema
  const config = acceptVariables(acceptReferences(is === 'own' ? side.configSchema : { type, properties, additionalProperties }))
  const needsIt = is === 'own' && isJsonArray(required) && required.length > 0
  return { properties: { config: described(config, 'What the connector needs to know.') }, ...(needsIt ? { required: ['config'] } : {}) }
}

function described(schema: JsonObject, description: string): JsonObject {
  return schema['description'] === undefined ? { description, ...schema } : schema
}

function sourceParts(side: SourceConnector): JsonObject {
  const { properties, required = [] } = configOf(side, 'own')
  const streams = knownStreams(side)
  const config = side.streamConfigSchema && { config: described(acceptVariables(acceptReferences(side.streamConfigSchema)), 'What the connector needs to know about this stream.') }
  const name = { description: 'What the connector calls the stream.', anyOf: [...streams.map((each) => constant(each.name, each.description ?? `Fills ${each.entity ?? 'what you say'}.`)), { type: 'string' }] }
  const items = streams.length > 0 ? { properties: { name, ...config } } : { properties: { ...config }, required: ['name', 'entity', 'key', 'map'] }
  return { properties: { ...(properties as JsonObject), streams: { items } }, required: [...(required as readonly string[]), ...(streams.length > 0 ? [] : ['streams'])] }
}

/** Field names for those who write a mapping; whether a field exists is told by cdp validate, which knows the schemas of today. */
function mapOfEntity({ name, fields }: EntitySchema): JsonObject {
  const properties = Object.fromEntries(Object.entries(fields).map(([field, { type, description }]) => [field, { type: 'string', description: `${type}${description === undefined ? '' : `: ${description}`}` }]))
  return { if: { required: ['entity'], properties: { entity: { const: name } } }, then: { properties: { map: { properties } } } }
}
