// A value of a test's profile → what the store would keep of it, or why it cannot be one of the field. Types are strict:
// ingestion reads "12" as a number because files have only text; a test says what it means.
import type { Field } from '../../entities/entity-schema.js'
import { findInstant } from '../../kernel/clock.js'
import { type Json, isJsonArray } from '../../kernel/json.js'

export type FieldValue =
  | { readonly is: 'value'; readonly value: Json }
  /** Null and empty text, as for ingestion. */
  | { readonly is: 'nothing' }
  | { readonly is: 'wrong-type'; readonly wanted: string }
  | { readonly is: 'not-in-enum'; readonly allowed: readonly string[] }
  | { readonly is: 'bad'; readonly problem: string }

export function toFieldValue(value: Json, field: Field): FieldValue {
  if (value === null || value === '') return { is: 'nothing' }
  switch (field.type) {
    case 'string':
    case 'key':
      return typeof value === 'string' ? toText(value, field) : wrong(typeof value === 'object' ? 'text' : 'text (in quotes)')
    case 'number':
      return typeof value === 'number' ? inRange(value, field) : wrong('a number')
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? inRange(value, field) : wrong('a whole number')
    case 'boolean':
      return typeof value === 'boolean' ? kept(value) : wrong('true or false')
    case 'timestamp':
      return toInstant(value, 'an ISO 8601 time, such as 2026-11-23T06:00:00Z', (instant) => instant)
    case 'date':
      return toInstant(value, 'an ISO 8601 date, such as 2026-11-23', (instant) => instant.slice(0, 10))
    case 'strings':
      return toTexts(value)
    case 'object':
      return wellFormed(JSON.stringify(value), value)
  }
}

function kept(value: Json): FieldValue {
  return { is: 'value', value }
}

function wrong(wanted: string): FieldValue {
  return { is: 'wrong-type', wanted }
}

function toText(value: string, field: Field): FieldValue {
  return field.enum?.includes(value) === false ? { is: 'not-in-enum', allowed: field.enum } : wellFormed(value, value)
}

function wellFormed(text: string, value: Json): FieldValue {
  return /\p{Surrogate}/u.test(text) ? { is: 'bad', problem: 'has half a character, which no source can deliver' } : kept(value)
}

function inRange(value: number, { minimum, maximum }: Field): FieldValue {
  if (minimum !== undefined && value < minimum) return { is: 'bad', problem: `must be at least ${String(minimum)}` }
  if (maximum !== undefined && value > maximum) return { is: 'bad', problem: `must be at most ${String(maximum)}` }
  return kept(value)
}

function toInstant(value: Json, wanted: string, form: (instant: string) => string): FieldValue {
  const instant = typeof value === 'string' ? findInstant(value) : undefined
  return instant === undefined ? wrong(wanted) : kept(form(instant))
}

function toTexts(value: Json): FieldValue {
  const texts = isJsonArray(value) ? value.filter((each) => each !== null && each !== '') : [value]
  if (!isJsonArray(value) || !texts.every((each) => typeof each === 'string')) return wrong('a list of texts')
  return wellFormed(texts.join('\n'), texts)
}
