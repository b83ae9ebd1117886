// The source records that a profile is made of, as they were mapped.
import { type Applied, nameOf } from '../2-plan/applied.js'
import { tableOf } from '../entities/entity-schema.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { Instant } from '../kernel/clock.js'
import type { JsonObject } from '../kernel/json.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import { toObject } from '../matching/to-object.js'
import type { Connection } from '../stores/store.js'

export interface Component {
  readonly sourceKey: string
  readonly source: string
  readonly stream: string
  readonly changedAt: Instant
  readonly fields: JsonObject
}

export async function readComponents(store: Connection, applied: Applied, { entity, id }: { readonly entity: ProfileEntity; readonly id: number }): Promise<readonly Component[]> {
  const schema = applied.entities[entity]
  const [row] = await store.rows<{ keys: readonly string[] }>(sqlText`select _source_keys as keys from ${name(tableOf(entity))} where _id = ${param(id)}`)
  if (!schema || !row || row.keys.length === 0) return []
  const rows = await store.rows(sqlText`select * from ${name(`part_${tableOf(entity)}`)} where not _deleted and _source_key in (select unnest(${param(row.keys)})) order by _source_key`)
  return rows.map((each) => ({
    sourceKey: String(each['_source_key']), source: nameOf(applied, 'Source', Number(each['_source'])), stream: String(each['_stream']), changedAt: each['_changed_at'] as Instant, fields: toObject(each, schema),
  }))
}
