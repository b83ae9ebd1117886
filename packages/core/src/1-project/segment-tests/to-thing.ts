// One thing of a test's profile (a person, an account, an event …) → the object that an expression would see: fields known and
// of their types, dotted names nested, null left out, in the order in which the store gives them.
import { type EntityName, type EntitySchema, toSourceKey } from '../../entities/entity-schema.js'
import type { DiagnosticLog } from '../../kernel/diagnostic.js'
import { type Json, type JsonObject, isJsonObject, toText } from '../../kernel/json.js'
import { suggestion } from '../../kernel/suggest.js'
import { nameOf } from '../check-shape.js'
import type { Placed } from '../placed.js'
import type { Path } from '../read.js'
import { type ThingShape, fieldsOf, flatNames } from './profile-shape.js'
import { type FieldValue, toFieldValue } from './to-field-value.js'

export interface ThingScope {
  readonly placed: Placed<unknown>
  readonly entities: Readonly<Record<EntityName, EntitySchema>>
  readonly log: DiagnosticLog
}

export function toThing(written: JsonObject, at: Path, shape: ThingShape, scope: ThingScope): JsonObject {
  const parts = shape.parts ?? {}
  const flat = flatFields(shape, scope)
  const fields = { ...Object.fromEntries([...flat].map(([name, each]) => [name, each.field])), ...fieldsOf(shape, scope.entities) }
  const found = new Map<string, Json>()
  const made = new Map<string, JsonObject>()
  const visit = (object: JsonObject, path: Path, prefix: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const name = `${prefix}${key}`
      const here = [...path, key]
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      const part = Object.hasOwn(parts, name) ? parts[name] : undefined
      if (field) {
        if (found.has(name)) scope.log.report('project/duplicate-key', { key: name }, scope.placed.keySpanOf(here))
        const kept = toFieldValue(value, field)
        if (kept.is === 'value') found.set(name, kept.value)
        else if (kept.is !== 'nothing') reportValue(kept, { name, value, at: here }, scope)
      } else if (part) {
        const inner = toMap(value, here, name, scope)
        if (inner) made.set(name, toThing(inner, here, part, scope))
      } else if (Object.keys(fields).some((each) => each.startsWith(`${name}.`))) {
        const inner = toMap(value, here, name, scope)
        if (inner) visit(inner, here, `${name}.`)
      } else {
        reportUnknown(name, here, { entity: shape.entity, known: [...Object.keys(fields), ...Object.keys(parts)] }, scope)
      }
    }
  }
  visit(written, at, '')
  // Things of the store always have a key, so an object of one is never empty, and counts as true.
  if (shape.ownKey !== undefined && !found.has(shape.ownKey)) found.set(shape.ownKey, keyOf(at))
  return assemble({ shape, order: Object.keys(fields), found, made, flat, at })
}

/** `accounts-1@test.Test` for the first account of a profile. */
function keyOf(at: Path): string {
  return toSourceKey(at.slice(2).map((each) => (typeof each === 'number' ? each + 1 : each)).join('-'), 'test', 'Test')
}

/** Null is nothing; anything but a map is a mistake. */
function toMap(value: Json, at: Path, key: string, { placed, log }: ThingScope): JsonObject | undefined {
  if (isJsonObject(value)) return value
  if (value !== null) log.report('project/wrong-type', { key, wanted: 'a map', found: nameOf(value) }, placed.spanOf(at))
  return undefined
}

function reportValue(problem: Exclude<FieldValue, { readonly is: 'value' | 'nothing' }>, { name, value, at }: { readonly name: string; readonly value: Json; readonly at: Path }, { placed, log }: ThingScope): void {
  const place = placed.spanOf(at)
  if (problem.is === 'wrong-type') log.report('project/wrong-type', { key: name, wanted: problem.wanted, found: nameOf(value) }, place)
  else if (problem.is === 'bad') log.report('project/bad-value', { key: name, problem: problem.problem }, place)
  else log.report('project/not-allowed', { key: name, value: nameOf(value), allowed: problem.allowed.join(', '), suggestion: suggestion(toText(value), problem.allowed) }, place)
}

function reportUnknown(name: string, at: Path, { entity, known }: { readonly entity: EntityName; readonly known: readonly string[] }, { placed, log }: ThingScope): void {
  const starts = known.map((each) => each.split('.').slice(0, name.split('.').length).join('.'))
  const help = name === '<<' ? 'YAML 1.2 has no merge keys: write the fields out.' : suggestion(name, [...new Set([...known, ...starts])])
  log.report('project/unknown-field', { field: name, entity, suggestion: help }, placed.keySpanOf(at))
}

interface FlatField {
  readonly field: EntitySchema['fields'][string]
  /** The field of the part. */
  readonly of: string
}

function flatFields({ parts, flattened }: ThingShape, { entities }: ThingScope): ReadonlyMap<string, FlatField> {
  const part = flattened === undefined ? undefined : parts?.[flattened]
  if (!part || flattened === undefined) return new Map()
  const fields = fieldsOf(part, entities)
  return new Map([...flatNames(flattened, part, entities)].flatMap(([of, name]) => (fields[of] ? [[name, { field: fields[of], of }] as const] : [])))
}

interface Found {
  readonly shape: ThingShape
  readonly order: readonly string[]
  readonly found: ReadonlyMap<string, Json>
  readonly made: ReadonlyMap<string, JsonObject>
  readonly flat: ReadonlyMap<string, FlatField>
  readonly at: Path
}

function assemble({ shape, order, found, made, flat, at }: Found): JsonObject {
  const values = new Map(found)
  const parts = new Map(made)
  const { flattened } = shape
  if (flattened !== undefined) {
    // Said in one place, seen in both: `campaignName` is `campaign.name`.
    const part: Record<string, Json> = { ...parts.get(flattened) }
    for (const [name, { of }] of flat) {
      const value = values.get(name) ?? part[of]
      if (value === undefined) continue
      values.set(name, value)
      part[of] ??= value
    }
    const ownKey = shape.parts?.[flattened]?.ownKey
    const isThere = Object.keys(part).length > 0 && ownKey !== undefined
    parts.set(flattened, isThere && part[ownKey] === undefined ? { [ownKey]: keyOf([...at, flattened]), ...part } : part)
  }
  const object = nested(order.flatMap((name) => (values.has(name) ? [[name, values.get(name) ?? null] as const] : [])))
  return { ...object, ...Object.fromEntries(parts) }
}

type Nested = { [key: string]: Json | Nested }

function nested(values: readonly (readonly [name: string, value: Json])[]): JsonObject {
  const object: Nested = {}
  for (const [name, value] of values) {
    const path = name.split('.')
    let place = object
    for (const key of path.slice(0, -1)) place = (place[key] ??= {}) as Nested
    place[path.at(-1) ?? ''] = value
  }
  return object
}
