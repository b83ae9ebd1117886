// Parts → the unified row of each touched profile. Profiles of one part, most of them, are copied; the others go field by
// field through the merge policy. What was there for a touched profile is replaced.
import { type EntitySchema, tableOf } from '../entities/entity-schema.js'
import { type SqlText, empty, joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { type SourceRank, plainFields, survivingFields, survivorOrder } from './choose-survivor.js'
import { keyTable, resolution, staleReferences } from './keys.js'

/** Adds the profiles of an entity that must be made again to `touched(entity, id)`. */
export async function touchStitched(tx: Connection, schema: EntitySchema, afterSeq: number): Promise<void> {
  const entity = param(schema.name)
  const part = name(`part_${tableOf(schema.name)}`)
  const fresh = sqlText`select k.id from ${part} p join ${keyTable(schema.name)} k on k.key = p._source_key where p._seq > ${param(afterSeq)}`
  const moved = sqlText`select old_id from moved_node where graph = ${entity} union all select new_id from moved_node where graph = ${entity}`
  await tx.insert('touched', sqlText`select distinct ${entity} as entity, id from (${fresh} union all ${moved}) t(id)`)
  for (const stale of staleReferences(schema, sqlText`u._id`)) await tx.insert('touched', sqlText`select distinct ${entity} as entity, _id as id from (${stale}) t`)
}

export async function unifyTouched(tx: Connection, schema: EntitySchema, sources: readonly SourceRank[]): Promise<void> {
  const table = name(tableOf(schema.name))
  const { columns, joins } = resolution(schema)
  await tx.run(
    sqlText`create or replace temporary table live as select k.id as _id, count(*) over (partition by k.id) as _parts, p.*
      from ${name(`part_${tableOf(schema.name)}`)} p join ${keyTable(schema.name)} k on k.key = p._source_key
      where not p._deleted and k.id in (select id from touched where entity = ${param(schema.name)})`,
  )
  await tx.run(sqlText`delete from ${table} where _id in (select id from touched where entity = ${param(schema.name)})`)
  const single = sqlText`select _id, [_source_key] as _source_keys, ${plainFields(schema)} from live where _parts = 1`
  const merged = sqlText`select _id, list_sort(list(_source_key)) as _source_keys, ${survivingFields(schema)}
    from (select *, row_number() over (order by ${survivorOrder(schema, sources)}) as _rank from live where _parts > 1) group by _id`
  const known = knownIdentities(schema)
  await tx.insert(tableOf(schema.name), sqlText`select u.* ${known.replacing} ${columns} from (${single} union all ${merged}) u ${known.join} ${joins} order by u._id`)
}

/** What the graph knows and no record says: the ECID of somebody's browser, the e-mail of a visitor who filled in a form. */
function knownIdentities(schema: EntitySchema): { readonly join: SqlText; readonly replacing: SqlText; readonly columns: SqlText } {
  const fields = schema.identities.filter((each) => schema.fields[each.field]?.type === 'string')
  if (fields.length === 0) return { join: empty, replacing: empty, columns: empty }
  const values = fields.map(({ field, namespace }) => sqlText`min(i.value) filter (where i.namespace = ${param(namespace)}) as ${name(field)}`)
  const found = sqlText`(select n.id as _id, ${joined(values, ', ')} from node n join identity i on i.graph = n.graph and i.nid = n.nid
    where n.graph = ${param(schema.name)} and n.id in (select id from touched where entity = ${param(schema.name)}) group by n.id)`
  return {
    join: sqlText`left join ${found} g on g._id = u._id`,
    replacing: sqlText`replace (${joined(fields.map(({ field }) => sqlText`coalesce(${name('u', field)}, ${name('g', field)}) as ${name(field)}`), ', ')})`,
    columns: sqlText`, ${joined(fields.map(({ field }) => name('g', field)), ', ')}`,
  }
}

/** People who are known only by what they did: no record, but events. */
export async function addAnonymous(tx: Connection, person: EntitySchema): Promise<void> {
  const table = name(tableOf(person.name))
  const known = knownIdentities(person)
  await tx.insert(
    tableOf(person.name),
    sqlText`select u._id, []::varchar[] as _source_keys ${known.columns} from (select distinct id as _id from touched where entity = ${param(person.name)}) u ${known.join}
      where not exists (select 1 from ${table} p where p._id = u._id) and u._id in (select _id from event where _id is not null) order by u._id`,
  )
}
