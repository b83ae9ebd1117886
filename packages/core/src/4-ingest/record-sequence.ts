// One growing number over all records of a sandbox. Numbers are given inside the transaction that stores the records.
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

/** Reserves `count` numbers; gives the one before the first of them. */
export async function takeSequence(tx: Connection, count: number): Promise<number> {
  const [row] = await tx.rows<{ last: number }>(sqlText`select last from record_sequence`)
  const last = row?.last ?? 0
  await tx.run(sqlText`delete from record_sequence`)
  await tx.run(sqlText`insert into record_sequence values (${param(last + count)})`)
  return last
}
