// What each profile's state at a destination should be, until it is. One row per profile: a later change takes the place of
// an earlier one that still waits, and what is already so needs no row.
import type { Instant } from '../kernel/clock.js'
import { type SqlText, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { ActiveActivation } from './activations.js'

export interface OutboxRow {
  readonly id: number
  readonly wanted: 'in' | 'out'
  readonly seq: number
  readonly attempt: number
  readonly since: Instant
}

/** Brings the outbox of an activation up to the membership log, in one transaction with the cursor. */
export async function collect(tx: Connection, active: ActiveActivation, at: Instant): Promise<void> {
  const own = ownRows(active)
  await tx.run(sqlText`create or replace temporary table wanted as ${await wantedStates(tx, active, own)}`)
  if (active.segment.spec.entity === 'person' && !active.leaving) await addMoved(tx, own)
  await tx.run(sqlText`delete from outbox where ${own} and id in (select id from wanted)`)
  await tx.run(
    sqlText`insert into outbox select ${param(active.destination.uid)}, ${param(active.segment.uid)}, id, wanted, seq, 'waiting', null, 0, ${param(at)}::timestamp, ${param(at)}::timestamp, null, null from wanted order by seq, id`,
  )
  await dropWhatIsSo(tx, own)
  await moveCursor(tx, active)
}

export function ownRows({ destination, segment }: ActiveActivation): SqlText {
  return sqlText`destination = ${param(destination.uid)} and segment = ${param(segment.uid)}`
}

async function wantedStates(tx: Connection, active: ActiveActivation, own: SqlText): Promise<SqlText> {
  const segment = param(active.segment.uid)
  const newest = sqlText`(select coalesce(max(seq), 0) from membership_log)`
  if (active.leaving) return sqlText`select id, 'out' as wanted, ${newest} as seq from remote_member where ${own}`
  const [cursor] = await tx.rows<{ seq: number }>(sqlText`select seq from activation_cursor where ${own}`)
  if (cursor) return sqlText`select id, case when arg_max(change, seq) = 'entered' then 'in' else 'out' end as wanted, max(seq) as seq from membership_log where segment = ${segment} and seq > ${param(cursor.seq)} group by id`
  // A new activation: everybody who is in, and nobody else.
  const members = sqlText`select id from membership where segment = ${segment} and status = 'realized'`
  return sqlText`select id, 'in' as wanted, ${newest} as seq from (${members}) union all select id, 'out', ${newest} from remote_member where ${own} and id not in (${members})`
}

// Members whose e-mail is another now are taken out under the old one and put in under the new one.
async function addMoved(tx: Connection, own: SqlText): Promise<void> {
  await tx.run(
    sqlText`insert into wanted select r.id, 'in', (select coalesce(max(seq), 0) from membership_log) from remote_member r join person p on p._id = r.id
      where ${own} and r.certain and coalesce(lower(trim(p.email)), '') <> coalesce(r.identity, '') and r.id not in (select id from wanted)`,
  )
}

async function dropWhatIsSo(tx: Connection, own: SqlText): Promise<void> {
  await tx.run(sqlText`delete from outbox where ${own} and wanted = 'out' and id not in (select id from remote_member where ${own})`)
  await tx.run(
    sqlText`delete from outbox where ${own} and wanted = 'in' and id in
      (select r.id from remote_member r left join person p on p._id = r.id where ${own} and r.certain and (r.identity is null or coalesce(lower(trim(p.email)), '') = r.identity))`,
  )
}

async function moveCursor(tx: Connection, active: ActiveActivation): Promise<void> {
  const own = ownRows(active)
  await tx.run(sqlText`delete from activation_cursor where ${own}`)
  // An audience that is given up loses its cursor: should it come back, it starts with everybody who is in then.
  if (active.leaving) return
  await tx.run(sqlText`insert into activation_cursor select ${param(active.destination.uid)}, ${param(active.segment.uid)}, coalesce(max(seq), 0) from membership_log`)
}

/** What waits for a later try is tried now. */
export async function makeDue(tx: Connection, active: ActiveActivation, at: Instant): Promise<void> {
  await tx.run(sqlText`update outbox set due_at = ${param(at)}::timestamp where ${ownRows(active)} and state = 'waiting'`)
}

/** Rows to be sent now, oldest first. */
export async function takeDue(store: Connection, active: ActiveActivation, at: Instant, limit: number): Promise<readonly OutboxRow[]> {
  return store.rows<{ id: number; wanted: 'in' | 'out'; seq: number; attempt: number; since: Instant }>(
    sqlText`select id, wanted, seq, attempt, since from outbox where ${ownRows(active)} and state = 'waiting' and due_at <= ${param(at)}::timestamp order by wanted desc, seq, id limit ${param(limit)}`,
  )
}
