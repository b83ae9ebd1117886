// Records that failed, with the reason. A record that comes back good leaves it.
import type { Instant } from '../kernel/clock.js'
import type { RecordCode } from '../kernel/codes/record.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { quarantineTable } from '../stores/tables.js'
import type { StreamAddress } from './cursor.js'

export interface QuarantinedRecord {
  readonly seq: number
  readonly key: string | null
  readonly code: RecordCode
  readonly field: string | null
  readonly message: string
  readonly record: string
}

const shownWhole = 20_000
const shownOfLarge = 2000

/** Replaces what is in quarantine for the given keys. */
export async function writeQuarantine(tx: Connection, { source, stream }: StreamAddress, keys: readonly string[], records: readonly QuarantinedRecord[], at: Instant): Promise<void> {
  if (keys.length > 0 && (await hasAny(tx, source, stream))) {
    await tx.run(sqlText`delete from quarantine where source = ${param(source)} and stream = ${param(stream)} and key in (select unnest(${param(keys)}))`)
  }
  await tx.append(quarantineTable, records.map((each) => [each.seq, source, stream, each.key, each.code, each.field, each.message, shown(each.record), at]))
}

/** The whole of a record is in the raw table; of one that is too large, quarantine has the beginning. */
function shown(record: string): string {
  return record.length <= shownWhole ? record : `${record.slice(0, shownOfLarge)}…`
}

async function hasAny(tx: Connection, source: number, stream: string): Promise<boolean> {
  return (await tx.rows(sqlText`select 1 as one from quarantine where source = ${param(source)} and stream = ${param(stream)} limit 1`)).length > 0
}
