// Schemas inside a schema, changed one by one.
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../../kernel/json.js'

export type ChangeSchema = (schema: JsonObject, key: string | undefined) => JsonObject

/** Keys are those of properties; parts that are none (items, forms) have the key of what they are parts of. */
export function changeParts(schema: JsonObject, change: ChangeSchema, key?: string): JsonObject {
  const byName = (parts: JsonObject): JsonObject => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, isJsonObject(part) ? change(part, name) : part]))
  const entries = Object.entries(schema).map(([keyword, value]): readonly [string, Json] => {
    if (keyword === 'properties' && isJsonObject(value)) return [keyword, byName(value)]
    if ((keyword === 'items' || keyword === 'additionalProperties') && isJsonObject(value)) return [keyword, change(value, key)]
    if (['oneOf', 'anyOf', 'allOf'].includes(keyword) && isJsonArray(value)) return [keyword, value.map((each) => (isJsonObject(each) ? change(each, key) : each))]
    return [keyword, value]
  })
  return Object.fromEntries(entries)
}

/** One of several forms, with the description in front, where editors look for it. */
export function oneOfForms(schema: JsonObject, ...others: readonly JsonObject[]): JsonObject {
  const { description, default: usual, ...rest } = schema
  return { ...(description === undefined ? {} : { description }), ...(usual === undefined ? {} : { default: usual }), anyOf: [rest, ...others] }
}

/** A fixed value that says what it is for. */
export function constant(value: string, description: string): JsonObject {
  return { const: value, description }
}
