// Raw records of events that are kept no longer.
import { name, sqlText } from '../kernel/sql-text.js'
import { rawTable } from '../stores/entity-tables.js'
import type { Connection } from '../stores/store.js'
import type { StreamAddress } from './cursor.js'

/** Those whose numbers are in `old_event(seq)`. */
export async function forgetOldRaw(tx: Connection, streams: readonly StreamAddress[]): Promise<void> {
  for (const { source, stream } of streams) {
    const raw = rawTable(source, stream)
    if ((await tx.findColumns(raw.name)).length > 0) await tx.run(sqlText`delete from ${name(raw.name)} where seq in (select seq from old_event)`)
  }
}
