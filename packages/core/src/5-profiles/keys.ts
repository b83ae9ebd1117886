// Source keys → profile ids. Keys are looked up for the rows at hand, never for everybody: an update costs what it touches.
import { type EntityName, type EntitySchema, tableOf } from '../entities/entity-schema.js'
import { type SqlText, empty, joined, name, param, sqlText } from '../kernel/sql-text.js'
import { referenceFields } from '../stores/entity-tables.js'
import type { Connection } from '../stores/store.js'

export type Schemas = Readonly<Record<EntityName, EntitySchema>>

/** The reference fields whose ids a unified row carries (an event carries its person as `_id` already). */
export function resolvedFields(schema: EntitySchema): readonly (readonly [field: string, entity: EntityName])[] {
  return referenceFields(schema).filter(([, entity]) => schema.grain !== 'event' || entity !== 'person')
}

export interface Resolution {
  /** `, r0.id as "accountKey_id", …` */
  readonly columns: SqlText
  /** For rows of alias `u`. */
  readonly joins: SqlText
}

/** Looks up what the rows of a temporary table refer to, `among` the fields that it has where these are few. Gives the ids as columns, and the joins that these need. */
export async function resolveReferences(tx: Connection, schema: EntitySchema, { rows, schemas, among }: { readonly rows: string; readonly schemas: Schemas; readonly among?: ReadonlySet<string> }): Promise<Resolution> {
  const fields = resolvedFields(schema).filter(([field]) => among?.has(field) !== false)
  if (fields.length === 0) return { columns: empty, joins: empty }
  const used = await tx.row<Record<string, number>>(sqlText`select ${joined(fields.map(([field]) => sqlText`count(${name(field)}) as ${name(field)}`), ', ')} from ${name(rows)}`)
  const isUsed = (field: string): boolean => (used[field] ?? 0) > 0
  for (const entity of new Set(fields.filter(([field]) => isUsed(field)).map(([, each]) => each))) {
    const own = fields.filter(([field, each]) => each === entity && isUsed(field))
    await lookUpKeys(tx, schemas[entity], joined(own.map(([field]) => sqlText`select ${name(field)} from ${name(rows)} where ${name(field)} is not null`), ' union all '))
  }
  const places = fields.map(([field, entity], index) => ({ field, entity, alias: `r${String(index)}`, isUsed: isUsed(field) }))
  const columns = places.map((each) => sqlText`${each.isUsed ? name(each.alias, 'id') : sqlText`null::integer`} as ${name(`${each.field}_id`)}`)
  const joins = places.filter((each) => each.isUsed).map(({ field, entity, alias }) => sqlText`left join ${keyTable(entity)} ${name(alias)} on ${name(alias, 'key')} = ${name('u', field)}`)
  return { columns: sqlText`, ${joined(columns, ', ')}`, joins: joined(joins, ' ') }
}

/** Fills `key_<entity>(key, id)` with the wanted keys that somebody has. */
export async function lookUpKeys(tx: Connection, schema: EntitySchema | undefined, wanted: SqlText): Promise<void> {
  if (!schema) return
  const graph = param(schema.name)
  await tx.temporaryFrom('known_key', sqlText`select value as key, nid from identity where graph = ${graph} and namespace = ${param(schema.namespace)} and value in (${wanted})`)
  await tx.run(sqlText`create or replace temporary table ${keyTable(schema.name)} as select k.key, n.id from known_key k join node n on n.graph = ${graph} and n.nid = k.nid`)
}

/** Fills `known_identity(id, namespace, value)` with all identities of the profiles in `ids(id)`, and `key_<entity>` with those that are source keys. */
export async function lookUpOwnKeys(tx: Connection, schema: EntitySchema, ids: SqlText): Promise<void> {
  const graph = param(schema.name)
  await tx.temporaryFrom('known_node', sqlText`select nid, id from node where graph = ${graph} and id in (${ids})`)
  await tx.temporaryFrom('known_identity', sqlText`select n.id, i.namespace, i.value from (select nid, namespace, value from identity where graph = ${graph} and nid in (select nid from known_node)) i join known_node n on n.nid = i.nid`)
  await tx.run(sqlText`create or replace temporary table ${keyTable(schema.name)} as select value as key, id from known_identity where namespace = ${param(schema.namespace)}`)
}

export function keyTable(entity: EntityName): SqlText {
  return name(`key_${tableOf(entity)}`)
}

/** Keys that lead to somebody else now, or to somebody for the first time, in `changed_key(entity, key)`. Gives the entities that have any. */
export async function collectChangedKeys(tx: Connection, schemas: readonly EntitySchema[]): Promise<ReadonlySet<EntityName>> {
  await tx.temporaryTable({ name: 'changed_key', columns: [{ name: 'entity', type: 'text' }, { name: 'key', type: 'text' }] })
  const named = joined(schemas.map((each) => sqlText`select ${param(each.name)} as graph, ${param(each.namespace)} as namespace`), ' union all ')
  await tx.insert('changed_key', sqlText`select f.graph as entity, f.value as key from fresh_node f join (${named}) s on s.graph = f.graph and s.namespace = f.namespace`)
  const graphs = new Set((await tx.rows<{ graph: string }>(sqlText`select distinct graph from moved_node`)).map((each) => each.graph))
  for (const { name: entity, namespace } of schemas) {
    const moved = sqlText`select nid from moved_node where graph = ${param(entity)}`
    if (graphs.has(entity)) await tx.insert('changed_key', sqlText`select ${param(entity)} as entity, value as key from identity where graph = ${param(entity)} and namespace = ${param(namespace)} and nid in (${moved})`)
  }
  const found = await tx.rows<{ entity: string }>(sqlText`select distinct entity from changed_key`)
  return new Set(found.map((each) => each.entity))
}

/** Rows of a unified table that refer to changed keys: what they refer to arrived, merged or parted. */
export function staleReferences(schema: EntitySchema, changed: ReadonlySet<EntityName>, wanted: SqlText): readonly SqlText[] {
  const table = name(tableOf(schema.name))
  return resolvedFields(schema).filter(([, entity]) => changed.has(entity)).map(
    // Numbers and missing ids are quickly looked through; only what they leave is compared by its text.
    ([field, entity]) => sqlText`select ${wanted} from ${table} u where (${name('u', `${field}_id`)} is null or ${name('u', `${field}_id`)} in (select old_id from moved_node where graph = ${param(entity)}))
      and ${name('u', field)} in (select key from changed_key where entity = ${param(entity)})`,
  )
}
