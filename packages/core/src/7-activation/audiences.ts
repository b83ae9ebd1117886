// The remote audiences: which one belongs to which activation, remembered when it is made or adopted, and forgotten without
// being touched.
import type { Uid } from '../2-plan/applied.js'
import type { Instant } from '../kernel/clock.js'
import { type SqlText, joined, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { remoteAudienceTable } from '../stores/tables.js'

/** Of one activation, or of all that a segment or a destination has. */
export type AudiencePlace = { readonly destination: Uid; readonly segment: Uid } | { readonly segment: Uid } | { readonly destination: Uid }

export interface RemoteAudience {
  readonly destination: Uid
  readonly segment: Uid
  readonly remoteId: string
  /** False when it was there before us. */
  readonly created: boolean
  readonly at: Instant
}

export async function readAudiences(store: Connection, place: AudiencePlace): Promise<readonly RemoteAudience[]> {
  return store.rows<{ destination: number; segment: number; remoteId: string; created: boolean; at: Instant }>(
    sqlText`select destination, segment, remote_id as "remoteId", created, a.at from remote_audience a where ${at(place)} order by destination, segment`,
  )
}

export async function rememberAudience(tx: Connection, { destination, segment, remoteId, created, at: madeAt }: RemoteAudience): Promise<void> {
  await tx.append(remoteAudienceTable, [[destination, segment, remoteId, created, madeAt]])
}

/** What is known of who is there, and what was still to be sent, goes too; a request without an answer is not sent again. */
export async function forgetAudiences(tx: Connection, place: AudiencePlace): Promise<void> {
  await tx.run(sqlText`update delivery set status = 'forgotten' where ${at(place)} and status = 'sending'`)
  await tx.run(sqlText`delete from outbox where ${at(place)}`)
  await tx.run(sqlText`delete from withheld where ${at(place)}`)
  await tx.run(sqlText`delete from remote_member where ${at(place)}`)
  await tx.run(sqlText`delete from remote_audience where ${at(place)}`)
  await tx.run(sqlText`delete from activation_cursor where ${at(place)}`)
}

function at(place: AudiencePlace): SqlText {
  const conditions = [
    ...('destination' in place ? [sqlText`destination = ${param(place.destination)}`] : []),
    ...('segment' in place ? [sqlText`segment = ${param(place.segment)}`] : []),
  ]
  return joined(conditions, ' and ')
}
