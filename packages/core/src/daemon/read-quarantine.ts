// Records that were refused, one by one.
import { type Applied, nameOf } from '../2-plan/applied.js'
import type { Instant } from '../kernel/clock.js'
import { joined, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

export interface QuarantineQuestion {
  readonly source?: string
  readonly stream?: string
  readonly code?: string
  readonly limit: number
}

export interface RefusedRecord {
  readonly seq: number
  readonly source: string
  readonly stream: string
  readonly key: string | null
  readonly code: string
  readonly field: string | null
  readonly message: string
  readonly record: string
  readonly at: Instant
}

/** The newest first. */
export async function readQuarantine(store: Connection, applied: Applied, { source, stream, code, limit }: QuarantineQuestion): Promise<readonly RefusedRecord[]> {
  const conditions = [
    sqlText`true`,
    ...(source === undefined ? [] : [sqlText`source = ${param(applied.sources[source]?.uid ?? -1)}`]),
    ...(stream === undefined ? [] : [sqlText`stream = ${param(stream)}`]),
    ...(code === undefined ? [] : [sqlText`code = ${param(code)}`]),
  ]
  const rows = await store.rows<Omit<RefusedRecord, 'source'> & { readonly source: number }>(
    sqlText`select seq, source, stream, key, code, field, message, record, q."at" from quarantine q where ${joined(conditions, ' and ')} order by seq desc limit ${param(limit)}`,
  )
  return rows.map((each) => ({ ...each, source: nameOf(applied, 'Source', each.source) }))
}
