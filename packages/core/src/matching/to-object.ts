// A row of the store → the object that people know: dotted columns nested, null left out, bookkeeping left out.
import type { EntitySchema } from '../entities/entity-schema.js'
import type { Json, JsonObject } from '../kernel/json.js'
import type { StoreRow } from '../stores/store.js'

type Mutable = { [key: string]: Json | Mutable }

interface FieldPlan {
  readonly column: string
  readonly path: readonly string[]
  readonly isJson: boolean
}

const plans = new WeakMap<EntitySchema, readonly FieldPlan[]>()

export function toObject(row: StoreRow, schema: EntitySchema): JsonObject {
  const object: Mutable = {}
  for (const { column, path, isJson } of planOf(schema)) {
    const value = row[column]
    if (value === null || value === undefined) continue
    put(object, path, isJson ? (JSON.parse(value as string) as Json) : value)
  }
  return object
}

function planOf(schema: EntitySchema): readonly FieldPlan[] {
  const known = plans.get(schema)
  if (known) return known
  const made = Object.entries(schema.fields).map(([column, field]) => ({ column, path: column.split('.'), isJson: field.type === 'object' }))
  plans.set(schema, made)
  return made
}

function put(object: Mutable, path: readonly string[], value: Json): void {
  let place = object
  for (const key of path.slice(0, -1)) place = (place[key] ??= {}) as Mutable
  place[path.at(-1) ?? ''] = value
}
