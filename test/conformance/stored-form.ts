// A profile as the store can hold it: nulls dropped at every depth, objects that only hold fields gone when they are
// empty, timestamps in their one form, relations that are absent empty, events by time and then by id.
import { findInstant } from '../../packages/core/src/kernel/clock.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../packages/core/src/kernel/json.js'
import { type Fields, type Model, type RelationName, leavesOf, perRelation, widened } from './model.js'
import { UnusableCases, type ProfileCase } from './read-cases.js'

/** Values under the dotted names of the model's fields. */
export type StoredRow = Readonly<Record<string, Json>>

export interface StoredProfile {
  readonly id: string
  readonly person: StoredRow
  readonly relations: Readonly<Record<RelationName, readonly StoredRow[]>>
  /** Where each event, as stored, stood in the profile as given. */
  readonly eventPlaces: readonly number[]
}

export interface StoredForm {
  /** The model, with what the profiles have beyond it. */
  readonly model: Model
  readonly profiles: readonly StoredProfile[]
}

interface Cleaned {
  readonly id: string
  readonly person: JsonObject
  readonly relations: Readonly<Record<RelationName, readonly JsonObject[]>>
}

export function toStoredForm(cases: readonly ProfileCase[], model: Model): StoredForm {
  const cleaned = cases.map((each) => toCleaned(each, model))
  const wide: Model = {
    person: widened(model.person, cleaned.map((each) => each.person)),
    relations: perRelation((name) => widened(model.relations[name], cleaned.flatMap((each) => each.relations[name]))),
  }
  return { model: wide, profiles: cleaned.map((each) => toStored(each, wide)) }
}

/** The object of a row: dotted names nested. */
export function toDocument(row: StoredRow): JsonObject {
  const object: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(row)) {
    const keys = path.split('.')
    let place = object
    for (const key of keys.slice(0, -1)) place = (place[key] ??= {}) as Record<string, unknown>
    place[keys.at(-1) ?? ''] = value
  }
  return object as JsonObject
}

function toCleaned({ id, text }: ProfileCase, model: Model): Cleaned {
  const document = withoutNulls(JSON.parse(text) as Json) as JsonObject
  const relations = perRelation((name) => {
    const items = document[name] ?? []
    if (!isJsonArray(items) || !items.every(isJsonObject)) throw new UnusableCases(`profile ${id}: ${name} is no list of objects`)
    return items.map((each) => withInstants(each, model.relations[name]))
  })
  return { id, person: withInstants(document['person'] as JsonObject, model.person), relations }
}

function withoutNulls(value: Json): Json {
  if (isJsonArray(value)) return value.filter((each) => each !== null).map(withoutNulls)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, withoutNulls(each)] as const])))
}

function withInstants(object: JsonObject, fields: Fields): JsonObject {
  const leaves = leavesOf(object, fields).map(([path, value]) => [path, fields[path] === 'timestamp' && typeof value === 'string' ? (findInstant(value) ?? value) : value] as const)
  return toDocument(Object.fromEntries(leaves))
}

function toStored({ id, person, relations }: Cleaned, model: Model): StoredProfile {
  const rows = (name: RelationName): readonly StoredRow[] => relations[name].map((each) => toRow(each, model.relations[name]))
  const events = rows('events').map((row, place) => ({ row, place })).sort((a, b) => compareEvents(a.row, b.row))
  if (model.relations.events['timestamp'] !== 'timestamp') throw new UnusableCases('the timestamp of an event is no timestamp')
  const stored = perRelation((name) => (name === 'events' ? events.map((each) => each.row) : rows(name)))
  return { id, person: toRow(person, model.person), relations: stored, eventPlaces: events.map((each) => each.place) }
}

function toRow(object: JsonObject, fields: Fields): StoredRow {
  return Object.fromEntries(leavesOf(object, fields))
}

// Events without a time come last, as the store puts them; the sort is stable.
function compareEvents(a: StoredRow, b: StoredRow): number {
  return compareTexts(textOf(a['timestamp'], '\uFFFF'), textOf(b['timestamp'], '\uFFFF')) || compareTexts(textOf(a['eventId']), textOf(b['eventId']))
}

function textOf(value: Json | undefined, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
