// A read that brings everything that is there: what is known of the stream and did not come in it is gone.
import { fail } from '../kernel/error.js'
import { name, sqlText } from '../kernel/sql-text.js'
import { rawTable } from '../stores/entity-tables.js'
import type { Connection, Table } from '../stores/store.js'
import type { StreamAddress } from './cursor.js'

const seenKey: Table = { name: 'seen_key', columns: [{ name: 'key', type: 'text' }] }

export async function beginCompleteRead(tx: Connection): Promise<void> {
  await tx.temporaryTable(seenKey)
}

export async function noteSeen(tx: Connection, keys: readonly string[]): Promise<void> {
  await tx.append(seenKey, keys.map((each) => [each]))
}

// Fewer than so many may all go; of more, not most: that is how a permission looks that somebody took away.
const smallStream = 20
const largestShare = 0.5

/** @throws source/shrank when most of the records did not come. */
export async function findGone(tx: Connection, { source, stream }: StreamAddress, sourceName: string): Promise<readonly string[]> {
  const raw = rawTable(source, stream)
  await tx.ensureTable(raw)
  const known = sqlText`(select key from (select key, arg_max(op, seq) as op from ${name(raw.name)} group by key) where op = 'upsert')`
  const { count } = await tx.row<{ count: number }>(sqlText`select count(*) as count from ${known}`)
  const missing = sqlText`${known} where key not in (select key from seen_key)`
  const { gone } = await tx.row<{ gone: number }>(sqlText`select count(*) as gone from ${missing}`)
  if (count >= smallStream && gone > count * largestShare) throw fail('source/shrank', { source: sourceName, stream, gone, known: count })
  return (await tx.rows<{ key: string }>(sqlText`select key from ${missing} order by key`)).map((each) => each.key)
}
