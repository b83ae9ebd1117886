// Parts → the unified row of each touched profile. Profiles of one part, most of them, are copied; the others go field by
// field through the merge policy. What was there for a touched profile is replaced.
import { type EntitySchema, tableOf } from '../entities/entity-schema.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { type SourceRank, plainFields, survivingFields, survivorOrder } from './choose-survivor.js'
import { keyTable, resolution, staleReferences } from './keys.js'

/** Adds the profiles of an entity that must be made again to `touched(entity, id)`. */
export async function touchStitched(tx: Connection, schema: EntitySchema, afterSeq: number): Promise<void> {
  const entity = param(schema.name)
  const part = name(`part_${tableOf(schema.name)}`)
  const fresh = sqlText`select k.id from ${part} p join ${keyTable(schema.name)} k on k.key = p._source_key where p._seq > ${param(afterSeq)}`
  const moved = sqlText`select old_id from moved_node where graph = ${entity} union all select new_id from moved_node where graph = ${entity}`
  await tx.run(sqlText`insert into touched select distinct ${entity}, id from (${fresh} union all ${moved}) t(id)`)
  for (const stale of staleReferences(schema, sqlText`u._id`)) await tx.run(sqlText`insert into touched select distinct ${entity}, _id from (${stale}) t`)
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
  await tx.run(sqlText`insert into ${table} by name select u.* ${columns} from (${single} union all ${merged}) u ${joins} order by u._id`)
}

/** People who are known only by what they did: no record, but events. */
export async function addAnonymous(tx: Connection, person: EntitySchema): Promise<void> {
  const table = name(tableOf(person.name))
  await tx.run(
    sqlText`insert into ${table} by name select t.id as _id, []::varchar[] as _source_keys from (select distinct id from touched where entity = ${param(person.name)}) t
      where not exists (select 1 from ${table} u where u._id = t.id) and t.id in (select _id from event where _id is not null) order by t.id`,
  )
}
