// One growing number over all records of a sandbox. Numbers are given inside the transaction that stores the records.
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { recordSequenceTable } from '../stores/tables.js'

/** Reserves `count` numbers; gives the one before the first of them. */
export async function takeSequence(tx: Connection, count: number): Promise<number> {
  const [taken] = await tx.rows<{ last: number }>(sqlText`update record_sequence set last = last + ${param(count)} returning last`)
  if (taken) return taken.last - count
  await tx.append(recordSequenceTable, [[count]])
  return 0
}

/** The last number that was given. */
export async function lastSequence(tx: Connection): Promise<number> {
  const [row] = await tx.rows<{ last: number }>(sqlText`select last from record_sequence`)
  return row?.last ?? 0
}
