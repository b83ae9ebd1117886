// One person forgotten: the profile, its events, its place in relations, its identities. The numbers of the identities stay taken,
// under no name, so that nobody who comes later is mistaken for who was there. Within the caller's transaction.
import { type EntityName, type EntitySchema, tableOf } from '../entities/entity-schema.js'
import type { Instant } from '../kernel/clock.js'
import { name, numbers, param, sqlText } from '../kernel/sql-text.js'
import { referenceFields } from '../stores/entity-tables.js'
import type { Connection } from '../stores/store.js'

export interface ForgottenPerson {
  readonly id: number
  /** All nodes of the person. */
  readonly nids: readonly number[]
  readonly sourceKeys: readonly string[]
  readonly at: Instant
}

/** Gives the number of events. */
export async function forgetPerson(tx: Connection, entities: Readonly<Record<EntityName, EntitySchema>>, { id, nids, sourceKeys, at }: ForgottenPerson): Promise<number> {
  const own = param(id)
  const nodes = numbers(nids)
  await tx.temporaryFrom('left_account', sqlText`select account_id as id from person_account where person_id = ${own}`)
  const events = await tx.run(sqlText`delete from event where _id = ${own}`)
  for (const schema of Object.values(entities).filter((each) => each.grain !== 'event')) await forgetReferences(tx, schema, { id, sourceKeys })
  await tx.run(sqlText`delete from person where _id = ${own}`)
  await tx.run(sqlText`delete from person_account where person_id = ${own}`)
  await tx.run(sqlText`delete from link where graph = 'person' and (a in ${nodes} or b in ${nodes})`)
  await tx.run(sqlText`delete from refused_link where graph = 'person' and (source_key in (select unnest(${param(sourceKeys)})) or (namespace, value) in (select namespace, value from identity where graph = 'person' and nid in ${nodes}))`)
  await tx.run(sqlText`update identity set namespace = 'forgotten', value = nid::varchar where graph = 'person' and nid in ${nodes}`)
  await logForgotten(tx, id, at)
  return events
}

async function forgetReferences(tx: Connection, schema: EntitySchema, { id, sourceKeys }: Pick<ForgottenPerson, 'id' | 'sourceKeys'>): Promise<void> {
  const table = name(tableOf(schema.name))
  for (const [field] of referenceFields(schema).filter(([, entity]) => entity === 'person')) {
    const naming = sqlText`(${name(`${field}_id`)} = ${param(id)} or ${name(field)} in (select unnest(${param(sourceKeys)})))`
    if (schema.grain === 'relation') await tx.run(sqlText`delete from ${table} where ${naming}`)
    else await tx.run(sqlText`update ${table} set ${name(field)} = null, ${name(`${field}_id`)} = null where ${naming}`)
  }
}

/** Whoever sees the person's accounts sees one less. */
async function logForgotten(tx: Connection, id: number, at: Instant): Promise<void> {
  await tx.insert('profile_change', sqlText`select (select coalesce(max(seq), 0) from profile_change) + row_number() over (order by entity desc, id) as seq, entity, id, change, null::integer as into_id, ${param(at)}::timestamp as "at"
    from (select 'person' as entity, ${param(id)}::integer as id, 'removed' as change union all select distinct 'account', id, 'changed' from left_account) order by entity desc, id`)
}
