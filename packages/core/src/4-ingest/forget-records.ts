// What sources said of one person, forgotten: raw records, parts, what waits in quarantine. Within the caller's transaction.
import { type EntityName, type EntitySchema, tableOf } from '../entities/entity-schema.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import { rawTable, referenceFields } from '../stores/entity-tables.js'
import type { Connection } from '../stores/store.js'
import type { StreamAddress } from './cursor.js'

export interface RecordsOfPerson {
  /** Keys as the streams have them. */
  readonly streams: readonly (StreamAddress & { readonly keys: readonly string[] })[]
  readonly sourceKeys: readonly string[]
  readonly eventKeys: readonly string[]
  readonly emails: readonly string[]
}

/** Gives the number of raw records. */
export async function forgetRecords(tx: Connection, entities: Readonly<Record<EntityName, EntitySchema>>, { streams, sourceKeys, eventKeys, emails }: RecordsOfPerson): Promise<number> {
  let records = 0
  for (const { source, stream, keys } of streams) {
    const raw = rawTable(source, stream).name
    if (keys.length === 0) continue
    if ((await tx.findColumns(raw)).length > 0) records += await tx.run(sqlText`delete from ${name(raw)} where key in (select unnest(${param(keys)}))`)
    await tx.run(sqlText`delete from quarantine where source = ${param(source)} and stream = ${param(stream)} and key in (select unnest(${param(keys)}))`)
  }
  // Of what has no key, and is somebody's all the same.
  for (const email of emails) await tx.run(sqlText`delete from quarantine where contains(lower(record), ${param(email)})`)
  for (const schema of Object.values(entities)) await forgetParts(tx, schema, { sourceKeys, eventKeys })
  return records
}

async function forgetParts(tx: Connection, schema: EntitySchema, { sourceKeys, eventKeys }: Pick<RecordsOfPerson, 'sourceKeys' | 'eventKeys'>): Promise<void> {
  const part = name(`part_${tableOf(schema.name)}`)
  const own = schema.name === 'person' ? sourceKeys : schema.grain === 'event' ? eventKeys : []
  if (own.length > 0) await tx.run(sqlText`delete from ${part} where _source_key in (select unnest(${param(own)}))`)
  if (schema.grain === 'event' || sourceKeys.length === 0) return
  for (const [field] of referenceFields(schema).filter(([, entity]) => entity === 'person')) {
    const naming = sqlText`${name(field)} in (select unnest(${param(sourceKeys)}))`
    if (schema.grain === 'relation') await tx.run(sqlText`delete from ${part} where ${naming}`)
    else await tx.run(sqlText`update ${part} set ${name(field)} = null where ${naming}`)
  }
}
