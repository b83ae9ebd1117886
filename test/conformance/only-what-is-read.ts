// A document with nothing but what an expression is said to read: were the rest missing, the answer had to be the same.
import type { EventReads } from '../../packages/core/src/expressions/event-reads.js'
import type { PathRead, Reads } from '../../packages/core/src/expressions/expression.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../packages/core/src/kernel/json.js'
import { relationNames } from './model.js'

/**
 * Lists keep as many items as they had when anything in them is read; relations of which nothing is read are empty, as the store gives them.
 * Of rows that only have to be there no field is kept.
 */
export function onlyWhatIsRead(document: JsonObject, { paths, roots }: Pick<Reads, 'paths' | 'roots'>): JsonObject {
  if (roots.some((each) => each.name === '*')) return document
  const isRows = ({ path, as }: PathRead): boolean => as !== 'value' && !paths.some((each) => each.path === `${path}.*`) && (path === 'person' || relationNames.some((each) => each === path))
  const kept = keep(document, paths.filter((each) => !isRows(each)).map((each) => each.path.replace(/\.\*.*$/, ''))) as JsonObject
  const rows = Object.fromEntries(paths.filter(isRows).map(({ path }) => [path, withRows(kept[path], document[path] ?? [])]))
  const relations = Object.fromEntries(relationNames.map((name) => [name, rows[name] ?? kept[name] ?? []]))
  return { person: {}, ...kept, ...rows, ...relations }
}

/** What is kept of rows, with something in each that had anything. */
function withRows(kept: Json | undefined, whole: Json): Json {
  if (isJsonArray(whole)) return whole.map((each, index) => withRows(isJsonArray(kept ?? null) ? (kept as readonly Json[])[index] : undefined, each))
  return isJsonObject(whole) ? { ...(isJsonObject(kept ?? null) ? (kept as JsonObject) : {}), ...(Object.keys(whole).length === 0 ? {} : { 'some field': true }) } : whole
}

/** Events before the window are left out. */
export function onlyRecentEvents(document: JsonObject, reads: EventReads | undefined): JsonObject {
  const events = document['events']
  if (reads?.lookBack.is !== 'since' || events === undefined || !isJsonArray(events)) return document
  const { ms } = reads.lookBack
  return { ...document, events: events.filter((each) => !isJsonObject(each) || typeof each['timestamp'] !== 'string' || Date.parse(each['timestamp']) >= ms) }
}

/** `columns` are paths from the value; an empty one stands for all of it. */
function keep(value: Json, columns: readonly string[]): Json {
  if (columns.includes('')) return value
  if (isJsonArray(value)) return value.map((each) => keep(each, columns))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, each]): readonly (readonly [string, Json])[] => {
    const below = columns.flatMap((column) => (column === key ? [''] : column.startsWith(`${key}.`) ? [column.slice(key.length + 1)] : []))
    return below.length === 0 ? [] : [[key, keep(each, below)]]
  })
  return Object.fromEntries(entries)
}
