// From an identity to the profile that has it, and from profiles to names that people recognize.
import type { ProfileEntity } from '../entities/profile-entity.js'
import { normalizeIdentity } from '../entities/identity-value.js'
import { empty, name, numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, StoreRow } from '../stores/store.js'

/** Ids of the profiles known by a value in a namespace; at most one, none when it is unknown. */
export async function findProfiles(store: Connection, namespace: string, value: string, graph?: ProfileEntity): Promise<readonly number[]> {
  const rows = await store.rows<{ id: number }>(
    sqlText`select n.id from identity i join node n on n.graph = i.graph and n.nid = i.nid where i.namespace = ${param(namespace)} and i.value = ${param(normalizeIdentity(namespace, value))}${graph === undefined ? empty : sqlText` and i.graph = ${param(graph)}`}`,
  )
  return rows.map((each) => each.id)
}

/** A label per id, in their order: e-mail, else name, else a source key. Ids without a profile are left out. */
export async function labelProfiles(store: Connection, entity: ProfileEntity, ids: readonly number[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const rows = await store.rows(sqlText`select * from ${name(entity)} where _id in ${numbers(ids)}`)
  const labels = new Map(rows.map((row) => [Number(row['_id']), toLabel(entity, row)]))
  return ids.flatMap((id) => labels.get(id) ?? [])
}

function toLabel(entity: ProfileEntity, row: StoreRow): string {
  const text = (field: string): string => (typeof row[field] === 'string' ? row[field] : '')
  const keys = Array.isArray(row['_source_keys']) ? (row['_source_keys'] as readonly string[]) : []
  const fullName = `${text('firstName')} ${text('lastName')}`.trim()
  const candidates = entity === 'person' ? [text('email'), fullName] : [text('name')]
  return [...candidates, keys[0] ?? '', `#${String(row['_id'])}`].find((each) => each !== '') ?? ''
}
