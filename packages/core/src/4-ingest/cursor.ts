// How far a stream was read: the connector's checkpoint, stored with the records that came before it.
import type { Instant } from '../kernel/clock.js'
import type { Json } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { cursorTable } from '../stores/tables.js'

export interface StreamAddress {
  readonly source: number
  readonly stream: string
}

export async function findCheckpoint(store: Connection, { source, stream }: StreamAddress): Promise<Json | undefined> {
  const [row] = await store.rows<{ checkpoint: string }>(sqlText`select checkpoint from cursor where source = ${param(source)} and stream = ${param(stream)}`)
  return row ? (JSON.parse(row.checkpoint) as Json) : undefined
}

export async function writeCheckpoint(tx: Connection, { source, stream }: StreamAddress, checkpoint: Json, at: Instant): Promise<void> {
  await tx.run(sqlText`delete from cursor where source = ${param(source)} and stream = ${param(stream)}`)
  await tx.append(cursorTable, [[source, stream, JSON.stringify(checkpoint), at]])
}
