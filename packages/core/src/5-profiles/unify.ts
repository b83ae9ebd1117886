// Parts → the unified row of each touched profile. Profiles of one part, most of them, are copied; the others go field by
// field through the merge policy. What was there for a touched profile is replaced.
import { type EntityName, type EntitySchema, tableOf } from '../entities/entity-schema.js'
import { type SqlText, empty, joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { type SourceRank, plainFields, survivingFields, survivorOrder } from './choose-survivor.js'
import { type Schemas, keyTable, lookUpOwnKeys, resolveReferences, staleReferences } from './keys.js'

/** Adds the profiles of an entity that must be made again to `touched(entity, id)`; gives their number. */
export async function touchStitched(tx: Connection, schema: EntitySchema, changed: ReadonlySet<EntityName>): Promise<number> {
  const entity = param(schema.name)
  // New identities count, too: what the graph knows of a profile shows in its row.
  const nodes = sqlText`select nid from own_node where graph = ${entity} union select nid from fresh_node where graph = ${entity}`
  const { nodes: count } = await tx.row<{ nodes: number }>(sqlText`select count(*) as nodes from (${nodes})`)
  const moved = sqlText`select old_id as id from moved_node where graph = ${entity} union all select new_id from moved_node where graph = ${entity}`
  const known = count === 0 ? [] : [sqlText`select id from node where graph = ${entity} and nid in (${nodes})`]
  const stale = staleReferences(schema, changed, sqlText`u._id as id`)
  return tx.insert('touched', sqlText`select distinct ${entity} as entity, id from (${joined([moved, ...known, ...stale], ' union all ')})`)
}

// Whose identities are known need not be there: the record that told them may be gone.
const unseen = sqlText`select id from active where id not in (select _id from person where _id in (select id from active))`

export async function touchUnseen(tx: Connection): Promise<number> {
  return tx.insert('touched', sqlText`select 'person' as entity, id from (${unseen}) where id not in (select id from touched where entity = 'person')`)
}

export interface UnifyRequest {
  readonly sources: readonly SourceRank[]
  readonly schemas: Schemas
}

export async function unifyTouched(tx: Connection, schema: EntitySchema, { sources, schemas }: UnifyRequest): Promise<void> {
  const table = name(tableOf(schema.name))
  const touched = sqlText`select id from touched where entity = ${param(schema.name)}`
  await lookUpOwnKeys(tx, schema, touched)
  const live = await findLiveParts(tx, schema)
  await tx.run(sqlText`delete from ${table} where _id in (${touched})`)
  if (live === 0) return
  const mine = sqlText`select l._id, l._parts, p.* from ${name(`part_${tableOf(schema.name)}`)} p join live l on l._key = p._source_key`
  const single = sqlText`select _id, [_source_key] as _source_keys, ${plainFields(schema)} from mine where _parts = 1`
  const merged = sqlText`select _id, list_sort(list(_source_key)) as _source_keys, ${survivingFields(schema)}
    from (select *, row_number() over (order by ${survivorOrder(schema, sources)}) as _rank from mine where _parts > 1) group by _id`
  await tx.temporaryFrom('unified', sqlText`with mine as materialized (${mine}) ${single} union all ${merged}`)
  const { columns, joins } = await resolveReferences(tx, schema, { rows: 'unified', schemas })
  const known = knownIdentities(schema)
  // Not by way of another table: wide rows are kept once until the end of the transaction, which for a backfill is everybody.
  await tx.run(sqlText`insert into ${table} by name select u.* ${known.replacing} ${columns} from unified u ${known.join} ${joins} order by u._id`)
}

/** The parts of the profiles in `key_<entity>`, with how many their profile has, in `live(_id, _key, _parts)`; gives their number. */
function findLiveParts(tx: Connection, schema: EntitySchema): Promise<number> {
  return tx.temporaryFrom('live', sqlText`select k.id as _id, p._source_key as _key, count(*) over (partition by k.id) as _parts from ${name(`part_${tableOf(schema.name)}`)} p join ${keyTable(schema.name)} k on k.key = p._source_key where not p._deleted`)
}

/** What the graph knows and no record says: the ECID of somebody's browser, the e-mail of a visitor who filled in a form. From `known_identity`. */
function knownIdentities(schema: EntitySchema): { readonly join: SqlText; readonly replacing: SqlText; readonly columns: SqlText } {
  const fields = schema.identities.filter((each) => schema.fields[each.field]?.type === 'string')
  if (fields.length === 0) return { join: empty, replacing: empty, columns: empty }
  const values = fields.map(({ field, namespace }) => sqlText`min(value) filter (where namespace = ${param(namespace)}) as ${name(field)}`)
  return {
    join: sqlText`left join (select id as _id, ${joined(values, ', ')} from known_identity group by id) g on g._id = u._id`,
    replacing: sqlText`replace (${joined(fields.map(({ field }) => sqlText`coalesce(${name('u', field)}, ${name('g', field)}) as ${name(field)}`), ', ')})`,
    columns: sqlText`, ${joined(fields.map(({ field }) => name('g', field)), ', ')}`,
  }
}

/** People who are known only by what they did: no record, but events. */
export async function addAnonymous(tx: Connection, person: EntitySchema): Promise<void> {
  const touched = sqlText`select id from touched where entity = ${param(person.name)}`
  const table = tableOf(person.name)
  const lacking = await tx.temporaryFrom('without_record', sqlText`select distinct id from (${touched}) where id not in (select _id from ${name(table)} where _id in (${touched}))`)
  if (lacking === 0) return
  // Only of those who did nothing just now must all events be asked.
  const silent = await tx.temporaryFrom('silent', sqlText`select id from without_record where id not in (select id from active)`)
  const earlier = silent === 0 ? [] : [sqlText`select distinct _id as id from event where _id in (select id from silent)`]
  const seen = joined([sqlText`select id from active`, ...earlier], ' union all ')
  // `known_identity` is that of the entity that was unified last.
  await lookUpOwnKeys(tx, person, sqlText`select id from without_record`)
  const known = knownIdentities(person)
  await tx.insert(table, sqlText`select u._id, []::varchar[] as _source_keys ${known.columns} from (select id as _id from without_record where id in (${seen})) u ${known.join} order by u._id`)
}
