// A configuration written for an older version of a connector → as the connector wants it now.
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../kernel/json.js'
import { findShapeProblems } from '../kernel/shape.js'
import { isReference } from './resolve-secrets.js'
import type { ConnectorSide } from './sdk.js'

export interface CurrentConfig {
  readonly config: JsonObject
  readonly isMigrated: boolean
}

/** What fits the schema is current. What does not is migrated, and kept only if it fits then: otherwise its mistakes are told as they were written. */
export function toCurrentConfig(side: ConnectorSide, config: JsonObject): CurrentConfig {
  const asWritten = { config, isMigrated: false }
  if (!side.migrateConfig || fitsSchema(side.configSchema, config)) return asWritten
  const migrated = side.migrateConfig(config)
  return fitsSchema(side.configSchema, migrated) ? { config: migrated, isMigrated: true } : asWritten
}

/** Whether a configuration, its secrets still references, has the shape. */
export function fitsSchema(schema: JsonObject, config: JsonObject): boolean {
  return findShapeProblems(withoutPatterns(schema, config), withStandIns(config)).length === 0
}

// What a secret looks like is nobody's business here: a text stands in for it.
export function withStandIns(value: Json): Json {
  if (isReference(value)) return 'secret'
  if (isJsonArray(value)) return value.map(withStandIns)
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withStandIns(each)])) : value
}

/** The schema without `pattern` for top-level texts that are references: their form cannot be known. */
export function withoutPatterns(schema: JsonObject, config: JsonObject): JsonObject {
  const properties = schema['properties']
  if (!isJsonObject(properties ?? null) || !Object.values(config).some(isReference)) return schema
  const eased = Object.entries(properties as JsonObject).map(([key, each]) => {
    if (!isJsonObject(each) || !isReference(config[key] ?? null)) return [key, each] as const
    const { pattern: _pattern, ...rest } = each
    return [key, rest] as const
  })
  return { ...schema, properties: Object.fromEntries(eased) }
}
