// Requests that were answered long ago, with the answers.
import type { Instant } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

export async function forgetOldReceipts(tx: Connection, before: Instant): Promise<number> {
  await tx.run(sqlText`delete from delivery where status <> 'sending' and ended_at < ${param(before)}::timestamp`)
  return tx.run(sqlText`delete from receipt where "at" < ${param(before)}::timestamp and delivery not in (select delivery from delivery)`)
}
