// What profiles need no longer: changes that everybody has read, and events that no window looks back to.
import type { Instant } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

/** Changes older than an instant, up to a place in their log that everybody has passed. The newest stays: numbers are not given again. */
export function forgetOldChanges(tx: Connection, { before, throughSeq }: { readonly before: Instant; readonly throughSeq: number }): Promise<number> {
  return tx.run(sqlText`delete from profile_change where "at" < ${param(before)}::timestamp and seq <= ${param(throughSeq)} and seq < (select max(seq) from profile_change)`)
}

/** Leaves their numbers in `old_event(seq)`, so that their raw records can go too. Who was known by them stays known. */
export async function forgetOldEvents(tx: Connection, before: Instant): Promise<number> {
  const found = await tx.temporaryFrom('old_event', sqlText`select _seq as seq from event where "timestamp" < ${param(before)}::timestamp`)
  if (found > 0) await tx.run(sqlText`delete from event where _seq in (select seq from old_event)`)
  return found
}
