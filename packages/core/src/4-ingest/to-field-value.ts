// A mapped value → what the field's column takes, or why it does not. Null and empty text mean that nothing is there.
import { type Field, toSourceKey } from '../entities/entity-schema.js'
import { findInstant, instantFromMs } from '../kernel/clock.js'
import type { RecordCode } from '../kernel/codes/record.js'
import { type Json, isJsonArray, isJsonObject } from '../kernel/json.js'
import type { StoreValue } from '../stores/store.js'

/** Where plain ids in key fields belong: the source itself. */
export interface KeySpace {
  readonly instance: string
  readonly type: string
}

export type FieldValue = { readonly ok: true; readonly value: StoreValue } | { readonly ok: false; readonly code: RecordCode; readonly message: string }

const absent: FieldValue = { ok: true, value: null }

export function toFieldValue(value: Json | undefined, field: Field, keys: KeySpace): FieldValue {
  if (value === undefined || value === null || value === '') return absent
  switch (field.type) {
    case 'string':
      return toText(value, field)
    case 'number':
    case 'integer':
      return toNumber(value, field)
    case 'boolean':
      return toBoolean(value)
    case 'timestamp':
      return toTimestamp(value)
    case 'date':
      return toDate(value)
    case 'strings':
      return toTexts(value)
    case 'object':
      return wellFormed(JSON.stringify(value))
    case 'key':
      return toKey(value, keys)
  }
}

function toText(value: Json, field: Field): FieldValue {
  if (typeof value === 'object') return wrongType(value, 'text')
  const text = String(value)
  if (field.enum && !field.enum.includes(text)) return { ok: false, code: 'record/not-in-enum', message: `${shown(value)} is none of ${field.enum.join(', ')}` }
  return wellFormed(text)
}

function wellFormed(text: string): FieldValue {
  // A byte-order mark is no part of a text, and DuckDB's driver drops it when the text is read back.
  return /\p{Surrogate}/u.test(text) ? { ok: false, code: 'record/invalid-text', message: 'half a character' } : { ok: true, value: text.replace(/^\uFEFF+/, '') }
}

const numberText = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

function toNumber(value: Json, field: Field): FieldValue {
  const number = typeof value === 'number' ? value : typeof value === 'string' && numberText.test(value.trim()) ? Number(value) : Number.NaN
  if (!Number.isFinite(number)) return wrongType(value, 'number')
  if (field.type === 'integer' && !Number.isInteger(number)) return wrongType(value, 'whole number')
  if (field.minimum !== undefined && number < field.minimum) return outOfRange(value, `below ${String(field.minimum)}`)
  if (field.maximum !== undefined && number > field.maximum) return outOfRange(value, `above ${String(field.maximum)}`)
  return { ok: true, value: number }
}

const booleans: ReadonlyMap<string, boolean> = new Map([['true', true], ['false', false], ['1', true], ['0', false], ['yes', true], ['no', false]])

function toBoolean(value: Json): FieldValue {
  const found = typeof value === 'object' ? undefined : booleans.get(String(value).trim().toLowerCase())
  return found === undefined ? wrongType(value, 'true or false') : { ok: true, value: found }
}

function toTimestamp(value: Json): FieldValue {
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 8.64e15) return { ok: true, value: instantFromMs(value) }
  const instant = typeof value === 'string' ? findInstant(value) : undefined
  return instant === undefined ? wrongType(value, 'ISO 8601 time') : { ok: true, value: instant }
}

function toDate(value: Json): FieldValue {
  const instant = typeof value === 'string' ? findInstant(value) : undefined
  return instant === undefined ? wrongType(value, 'ISO 8601 date') : { ok: true, value: instant.slice(0, 10) }
}

function toTexts(value: Json): FieldValue {
  const list = isJsonArray(value) ? value : [value]
  const texts = list.filter((each) => each !== null && each !== '')
  if (texts.some((each) => typeof each === 'object')) return wrongType(value, 'list of texts')
  const all = texts.map(String)
  return all.some((each) => /\p{Surrogate}/u.test(each)) ? { ok: false, code: 'record/invalid-text', message: 'half a character' } : { ok: true, value: all }
}

/** `$sourceKey(id, source)` gives an object with the whole key; a plain id is one of this source. */
function toKey(value: Json, { instance, type }: KeySpace): FieldValue {
  if (isJsonObject(value) && typeof value['sourceKey'] === 'string') return wellFormed(value['sourceKey'])
  return typeof value === 'string' || typeof value === 'number' ? wellFormed(toSourceKey(String(value).trim(), instance, type)) : wrongType(value, 'id')
}

function wrongType(value: Json, wanted: string): FieldValue {
  return { ok: false, code: 'record/wrong-type', message: `${shown(value)} is no ${wanted}` }
}

function outOfRange(value: Json, how: string): FieldValue {
  return { ok: false, code: 'record/out-of-range', message: `${shown(value)} is ${how}` }
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
