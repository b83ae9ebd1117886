// JSON values as types, and one canonical text for each value, so that equal values have equal digests.
import { createHash } from 'node:crypto'

export type JsonPrimitive = string | number | boolean | null
export type Json = JsonPrimitive | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Something as JSON has it: what has no value is left out. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}

/** The text of a value with object keys in code-unit order: `canonicalJson({b: 1, a: 2})` is `{"a":2,"b":1}`. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(sorted(value))
}

/** A short stable digest (32 hex digits of SHA-256) of a value, for telling whether something changed. */
export function digest(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32)
}

function sorted(value: Json): Json {
  if (isJsonArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]))
}

/** A value as a person reads it: text as it is, nothing as nothing, everything else as JSON. */
export function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
