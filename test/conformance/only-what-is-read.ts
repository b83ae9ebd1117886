// A document with nothing but what an expression is said to read: were the rest missing, the answer had to be the same.
import type { EventReads } from '../../packages/core/src/expressions/event-reads.js'
import type { Reads } from '../../packages/core/src/expressions/expression.js'
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../packages/core/src/kernel/json.js'
import { relationNames } from './model.js'

/** Lists keep as many items as they had when anything in them is read; relations of which nothing is read are empty, as the store gives them. */
export function onlyWhatIsRead(document: JsonObject, { columns, roots }: Reads): JsonObject {
  if (roots.some((each) => each.name === '*')) return document
  const kept = keep(document, columns.map((each) => each.replace(/\.\*.*$/, ''))) as JsonObject
  const relations = Object.fromEntries(relationNames.map((name) => [name, kept[name] ?? []]))
  return { person: {}, ...kept, ...relations }
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
