// Source keys → profile ids, as temporary tables `key_<entity>`: made once per update, used wherever a record refers to another.
import { type EntityName, type EntitySchema, tableOf } from '../entities/entity-schema.js'
import { type SqlText, empty, joined, name, param, sqlText } from '../kernel/sql-text.js'
import { referenceFields } from '../stores/entity-tables.js'
import type { Connection } from '../stores/store.js'

export async function prepareKeys(tx: Connection, schema: EntitySchema): Promise<void> {
  await tx.run(
    sqlText`create or replace temporary table ${keyTable(schema.name)} as
      select i.value as key, n.id from identity i join node n on n.graph = i.graph and n.nid = i.nid where i.graph = ${param(schema.name)} and i.namespace = ${param(schema.namespace)}`,
  )
}

export function keyTable(entity: EntityName): SqlText {
  return name(`key_${tableOf(entity)}`)
}

/** The reference fields whose ids a unified row carries (an event carries its person as `_id` already). */
export function resolvedFields(schema: EntitySchema): readonly (readonly [field: string, entity: EntityName])[] {
  return referenceFields(schema).filter(([, entity]) => schema.grain !== 'event' || entity !== 'person')
}

/** `, r1.id as "accountKey_id", …` and the joins that give them, for rows of alias `u`. */
export function resolution(schema: EntitySchema): { readonly columns: SqlText; readonly joins: SqlText } {
  const fields = resolvedFields(schema)
  if (fields.length === 0) return { columns: empty, joins: empty }
  const columns = fields.map(([field], index) => sqlText`${name(`r${String(index)}`, 'id')} as ${name(`${field}_id`)}`)
  const joins = fields.map(([field, entity], index) => sqlText`left join ${keyTable(entity)} ${name(`r${String(index)}`)} on ${name(`r${String(index)}`, 'key')} = ${name('u', field)}`)
  return { columns: sqlText`, ${joined(columns, ', ')}`, joins: joined(joins, ' ') }
}

/** Rows of a unified table whose references lead elsewhere now: what they refer to arrived, merged or went. */
export function staleReferences(schema: EntitySchema, wanted: SqlText): readonly SqlText[] {
  const table = name(tableOf(schema.name))
  return resolvedFields(schema).map(
    ([field, entity]) =>
      sqlText`select ${wanted} from ${table} u left join ${keyTable(entity)} k on k.key = ${name('u', field)} where ${name('u', field)} is not null and k.id is distinct from ${name('u', `${field}_id`)}`,
  )
}
