// An evaluator's value → plain JSON: lists without marks, no functions. Shared by both evaluators.
import type { Json, JsonObject } from '../../kernel/json.js'

export function toPlainValue(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value
  if (typeof value !== 'object') return undefined
  if (Array.isArray(value)) return Array.from(value, (each) => toPlainValue(each) ?? null)
  if ('_jsonata_function' in value || '_jsonata_lambda' in value) return undefined
  const entries = Object.entries(value as JsonObject).map(([key, each]) => [key, toPlainValue(each)] as const)
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined))
}
