// What a connector declares: names, capabilities, limits, schemas. Nothing is opened.
import { compileJsonata } from '../../../expressions/jsonata.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../../kernel/json.js'
import { findShapeProblems } from '../../../kernel/shape.js'
import type { Connector, ConnectorSide, DestinationConnector, Limit, SourceConnector } from '../../../plugins/sdk.js'
import { type ConformanceCheck, outcomeOf } from '../check.js'

export const declarationChecks: readonly ConformanceCheck[] = [
  { id: 'connector/manifest', of: 'connector', shows: 'declares a name, a title, and capabilities that fit together', run: (connector) => outcomeOf(findMistakes(connector)) },
  { id: 'connector/config-schema', of: 'connector', shows: 'has configuration schemas that compile in strict mode and know every key', run: (connector) => outcomeOf(schemasOf(connector).flatMap(([what, schema]) => findSchemaMistakes(what, schema))) },
  { id: 'connector/secrets-marked', of: 'connector', shows: 'marks every secret of its configuration with x-secret', run: (connector) => outcomeOf(schemasOf(connector).flatMap(([what, schema]) => findUnmarked(schema).map((path) => `${what}: ${path} looks like a secret and is not marked with "x-secret": true (or false, where it is none)`))) },
]

function findMistakes({ name, title, source, destination }: Connector): readonly string[] {
  return [
    ...(/^[a-z][a-z0-9-]*$/.test(name) ? [] : [`the name "${name}" is not of small letters, digits and hyphens`]),
    ...(title.trim() === '' ? ['the title is empty'] : []),
    ...(source ? findSourceMistakes(source) : []),
    ...(destination ? findDestinationMistakes(destination) : []),
  ]
}

function findSourceMistakes(source: SourceConnector): readonly string[] {
  return [...findSideMistakes('source', source, source.capabilities.limits), ...(source.defaultType.trim() === '' ? ['source: defaultType is empty'] : [])]
}

function findDestinationMistakes({ capabilities, ...side }: DestinationConnector): readonly string[] {
  const { identities, maxBatch, usualBatch = 1, maxBytes = 1, defaultPayload } = capabilities
  return [
    ...findSideMistakes('destination', side, capabilities.limits),
    ...(identities.length === 0 ? ['destination: identities is empty, so nobody could be found'] : []),
    ...(isCount(maxBatch) ? [] : [`destination: maxBatch is ${String(maxBatch)}, no number of records`]),
    ...(isCount(usualBatch) && usualBatch <= maxBatch ? [] : [`destination: usualBatch is ${String(usualBatch)}, not between 1 and maxBatch`]),
    ...(isCount(maxBytes) ? [] : [`destination: maxBytes is ${String(maxBytes)}, no number of bytes`]),
    ...(isExpression(defaultPayload) ? [] : ['destination: defaultPayload is no JSONata']),
  ]
}

function findSideMistakes(what: string, { configVersion = 1, migrateConfig }: Omit<ConnectorSide, 'configSchema'>, limits: readonly Limit[]): readonly string[] {
  return [
    ...limits.flatMap((each) => (isCount('requests' in each ? each.requests : each.concurrency) ? [] : [`${what}: the limit ${JSON.stringify(each)} lets nothing through`])),
    ...(isCount(configVersion) ? [] : [`${what}: configVersion is ${String(configVersion)}, not a whole number from 1`]),
    ...(configVersion > 1 && !migrateConfig ? [`${what}: configVersion is ${String(configVersion)}, and nothing migrates an older configuration (migrateConfig)`] : []),
  ]
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0
}

export function isExpression(text: string): boolean {
  try {
    compileJsonata(text)
    return true
  } catch {
    return false
  }
}

function schemasOf({ source, destination }: Connector): readonly (readonly [what: string, schema: JsonObject])[] {
  return [
    ...(source ? [['source config', source.configSchema] as const] : []),
    ...(source?.streamConfigSchema ? [['stream config', source.streamConfigSchema] as const] : []),
    ...(destination ? [['destination config', destination.configSchema] as const] : []),
  ]
}

function findSchemaMistakes(what: string, schema: JsonObject): readonly string[] {
  const mistake = findCompileMistake(schema)
  return [
    ...(mistake === undefined ? [] : [`${what}: ${mistake}`]),
    ...(schema['type'] === 'object' ? [] : [`${what}: its type is not object`]),
    ...(schema['additionalProperties'] === false ? [] : [`${what}: additionalProperties is not false, so that a misspelt key is never noticed`]),
  ]
}

/** What a strict compiler says against a schema. */
export function findCompileMistake(schema: JsonObject): string | undefined {
  try {
    findShapeProblems(schema, {})
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const secretName = /(password|passphrase|secret|token|private_?key|api_?key|access_?key|write_?key|credentials?)$/i

/** JSON pointers of texts that are named like secrets, and say nothing of it. */
function findUnmarked(schema: Json, path = ''): readonly string[] {
  if (!isJsonObject(schema)) return []
  const forms = ['oneOf', 'anyOf', 'allOf'].flatMap((each) => { const found = schema[each] ?? null; return isJsonArray(found) ? found : [] })
  const properties = schema['properties'] ?? null
  const named = isJsonObject(properties) ? Object.entries(properties) : []
  const own = named.flatMap(([name, each]) => (isJsonObject(each) && each['type'] === 'string' && each['x-secret'] === undefined && secretName.test(name) ? [`${path}/${name}`] : []))
  return [...own, ...named.flatMap(([name, each]) => findUnmarked(each, `${path}/${name}`)), ...forms.flatMap((each) => findUnmarked(each, path))]
}
