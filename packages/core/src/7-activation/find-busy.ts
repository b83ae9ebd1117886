// Which activations have something to do: the log or the changes of profiles go on after their cursor, or they have none; something is due, or was sent and not
// answered. A few questions for all of them, so that a daemon may ask often.
import type { Instant } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { ActiveActivation } from './activations.js'

export async function findBusy(store: Connection, at: Instant): Promise<(active: ActiveActivation) => boolean> {
  const cursors = await store.rows<{ destination: number; segment: number; seq: number; profiles: number | null }>(sqlText`select destination, segment, seq, profile_seq as profiles from activation_cursor`)
  const { changed } = await store.row<{ changed: number }>(sqlText`select coalesce(max(seq), 0) as changed from profile_change`)
  const from = Math.min(...cursors.map((each) => each.seq), Number.MAX_SAFE_INTEGER)
  const moved = cursors.length === 0 ? [] : await store.rows<{ segment: number; last: number }>(sqlText`select segment, max(seq) as "last" from membership_log where seq > ${param(from)} group by segment`)
  const open = await store.rows<{ destination: number; segment: number }>(
    sqlText`select distinct destination, segment from outbox where state = 'waiting' and due_at <= ${param(at)}::timestamp union select distinct destination, segment from delivery where status = 'sending'`,
  )
  return ({ destination, segment }) => {
    const isOwn = (each: { readonly destination: number; readonly segment: number }): boolean => each.destination === destination.uid && each.segment === segment.uid
    const cursor = cursors.find(isOwn)
    const last = moved.find((each) => each.segment === segment.uid)?.last ?? 0
    // A profile that changed may have withdrawn consent.
    return !cursor || last > cursor.seq || changed > (cursor.profiles ?? -1) || open.some(isOwn)
  }
}
