// Relation rows (roles, memberships) with the ids of what they tie together. Rows that changed, or lead elsewhere now, are replaced.
import { type EntityName, type EntitySchema, tableOf } from '../entities/entity-schema.js'
import { joined, name, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { plainFields } from './choose-survivor.js'
import { type Schemas, resolveReferences, resolvedFields, staleReferences } from './keys.js'

export interface RelationRequest {
  readonly afterSeq: number
  /** Entities of which some keys lead elsewhere now. */
  readonly changed: ReadonlySet<EntityName>
  readonly schemas: Schemas
}

/** Replaces rows, and adds everything that an old or a new row refers to to `related(entity, id)`. */
export async function updateRelation(tx: Connection, schema: EntitySchema, { afterSeq, changed, schemas }: RelationRequest): Promise<void> {
  const table = name(tableOf(schema.name))
  const part = name(`part_${tableOf(schema.name)}`)
  const fresh = sqlText`select _source_key from ${part} where _seq > ${param(afterSeq)}`
  const stale = staleReferences(schema, changed, sqlText`u._source_key`)
  const rows = await tx.temporaryFrom('touched_row', sqlText`select distinct _source_key from (${joined([fresh, ...stale], ' union all ')})`)
  if (rows === 0) return
  await noteRelated(tx, schema)
  await tx.run(sqlText`delete from ${table} where _source_key in (select _source_key from touched_row)`)
  await tx.temporaryFrom('live_row', sqlText`select _source_key, ${plainFields(schema)} from ${part} where not _deleted and _source_key in (select _source_key from touched_row)`)
  const { columns, joins } = await resolveReferences(tx, schema, { rows: 'live_row', schemas })
  await tx.insert(tableOf(schema.name), sqlText`select u.* ${columns} from live_row u ${joins} order by u._source_key`)
  await noteRelated(tx, schema)
}

async function noteRelated(tx: Connection, schema: EntitySchema): Promise<void> {
  for (const [field, entity] of resolvedFields(schema)) {
    const id = name(`${field}_id`)
    await tx.insert(
      'related',
      sqlText`select distinct ${param(entity)} as entity, ${id} as id from ${name(tableOf(schema.name))} where ${id} is not null and _source_key in (select _source_key from touched_row)`,
    )
  }
}
