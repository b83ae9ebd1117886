// What each profile's state at a destination should be, until it is. One row per profile: a later change takes the place of
// an earlier one that still waits, and what is already so needs no row.
import type { Applied } from '../2-plan/applied.js'
import type { Instant } from '../kernel/clock.js'
import { type SqlText, empty, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { activationCursorTable } from '../stores/tables.js'
import { type ActiveActivation, ownRows } from './activations.js'
import { consentOf, honourConsent, isWithdrawal } from './consent.js'

export interface OutboxRow {
  readonly id: number
  readonly wanted: 'in' | 'out'
  readonly seq: number
  readonly attempt: number
  readonly since: Instant
}

/** Rows that are still to be sent; of the others nothing goes out until somebody says so, or the membership changes. */
export const isOpen = sqlText`state in ('waiting', 'sending')`

export interface Collecting {
  readonly applied: Applied
  readonly at: Instant
  /** Moves of the segment are held back: of an activation that has begun, only those who are there are looked at. */
  readonly held?: boolean
}

/** Brings the outbox of an activation up to the membership log and to the word of its people, in one transaction with the cursor. */
export async function collect(tx: Connection, active: ActiveActivation, { applied, at, held = false }: Collecting): Promise<void> {
  const own = ownRows(active)
  const cursor = await readCursor(tx, own)
  const moved = await tx.temporaryFrom('wanted', held ? nobody : wantedStates(active, own, cursor))
  const question = active.leaving ? undefined : consentOf(applied, active)
  const next = await tx.row<{ log: number; profiles: number }>(sqlText`select (select coalesce(max(seq), 0) from membership_log) as log, (select coalesce(max(seq), 0) from profile_change) as profiles`)
  if (question) {
    const changed = cursor?.profileSeq === undefined ? undefined : sqlText`select id from profile_change where entity = 'person' and seq > ${param(cursor.profileSeq)}`
    const isNews = moved > 0 || cursor?.consent !== question.digest || cursor.profileSeq !== next.profiles
    if (isNews) await honourConsent(tx, active, { question, at, ...(changed && cursor?.consent === question.digest ? { changed } : {}) })
    await addMoved(tx, own, changed && cursor?.at !== undefined ? { changed, since: cursor.at } : undefined)
  }
  if (active.leaving) await tx.run(sqlText`delete from withheld where ${own}`)
  await tx.run(sqlText`delete from outbox where ${own} and id in (select id from wanted)`)
  await tx.run(
    sqlText`insert into outbox select ${param(active.destination.uid)}, ${param(active.segment.uid)}, id, wanted, seq, 'waiting', null, 0, ${param(at)}::timestamp, ${param(at)}::timestamp, null, null from wanted order by seq, id`,
  )
  if (cursor?.profileSeq !== undefined) await askAgain(tx, sqlText`${own} and id in (select id from profile_change where entity = ${param(active.segment.spec.entity)} and seq > ${param(cursor.profileSeq)})`, at)
  await dropWhatIsSo(tx, own)
  await moveCursor(tx, active, { seq: held ? (cursor?.seq ?? 0) : next.log, profileSeq: next.profiles, consent: question?.digest, at })
}

/** Whether the activation was ever collected. */
export async function isBegun(store: Connection, active: ActiveActivation): Promise<boolean> {
  return (await readCursor(store, ownRows(active))) !== undefined
}

interface Cursor {
  readonly seq: number
  /** Changes of profiles up to here were looked at; not known of activations from before this was kept. */
  readonly profileSeq?: number
  readonly consent?: string | undefined
  /** When that was. */
  readonly at?: Instant
}

async function readCursor(tx: Connection, own: SqlText): Promise<Cursor | undefined> {
  const [row] = await tx.rows<{ seq: number; profile_seq: number | null; consent: string | null; collected_at: Instant | null }>(sqlText`select seq, profile_seq, consent, "at" as collected_at from activation_cursor where ${own}`)
  return row && { seq: row.seq, ...(row.profile_seq === null ? {} : { profileSeq: row.profile_seq }), ...(row.consent === null ? {} : { consent: row.consent }), ...(row.collected_at === null ? {} : { at: row.collected_at }) }
}

const nobody = sqlText`select id, 'in' as wanted, seq from outbox where false`

function wantedStates(active: ActiveActivation, own: SqlText, cursor: Cursor | undefined): SqlText {
  const segment = param(active.segment.uid)
  const newest = sqlText`(select coalesce(max(seq), 0) from membership_log)`
  if (active.leaving) return sqlText`select id, 'out' as wanted, ${newest} as seq from remote_member where ${own}`
  if (cursor) return sqlText`select id, case when arg_max(change, seq) = 'entered' then 'in' else 'out' end as wanted, max(seq) as seq from membership_log where segment = ${segment} and seq > ${param(cursor.seq)} group by id`
  // A new activation: everybody who is in, and nobody else.
  const members = sqlText`select id from membership where segment = ${segment} and status = 'realized'`
  return sqlText`select id, 'in' as wanted, ${newest} as seq from (${members}) union all select id, 'out', ${newest} from remote_member where ${own} and id not in (${members})`
}

// Members whose e-mail is another now are taken out under the old one and put in under the new one. Who is on the way out stays out.
// Looked at are those whose profile changed, and those of whom it only now became certain that they are there.
async function addMoved(tx: Connection, own: SqlText, recent: { readonly changed: SqlText; readonly since: Instant } | undefined): Promise<void> {
  const candidates = recent ? sqlText` and (id in (${recent.changed}) or "at" >= ${param(recent.since)}::timestamp)` : empty
  await tx.insert('wanted', sqlText`select r.id, 'in' as wanted, (select coalesce(max(seq), 0) from membership_log) as seq
    from (select id, identity from remote_member where ${own} and certain${candidates}) r join person p on p._id = r.id
    where coalesce(lower(trim(p.email)), '') <> coalesce(r.identity, '')
      and r.id not in (select id from wanted) and r.id not in (select id from outbox where ${own} and wanted = 'out') and r.id not in (select id from withheld where ${own})`)
}

async function dropWhatIsSo(tx: Connection, own: SqlText): Promise<void> {
  if ((await tx.rows(sqlText`select id from outbox where ${own} limit 1`)).length === 0) return
  await tx.run(sqlText`delete from outbox where ${own} and wanted = 'out' and id not in (select id from remote_member where ${own})`)
  await tx.run(
    sqlText`delete from outbox where ${own} and wanted = 'in' and id in
      (select r.id from (select id, identity from remote_member where ${own} and certain) r left join person p on p._id = r.id where r.identity is null or coalesce(lower(trim(p.email)), '') = r.identity)`,
  )
}

async function moveCursor(tx: Connection, active: ActiveActivation, { seq, profileSeq, consent, at }: Cursor): Promise<void> {
  await tx.run(sqlText`delete from activation_cursor where ${ownRows(active)}`)
  // An audience that is given up loses its cursor: should it come back, it starts with everybody who is in then.
  if (!active.leaving) await tx.append(activationCursorTable, [[active.destination.uid, active.segment.uid, seq, profileSeq ?? null, consent ?? null, at ?? null]])
}

/** Of these rows, those whom the destination did not know: they are sent again, as something new. */
export async function askAgain(tx: Connection, rows: SqlText, at: Instant): Promise<void> {
  await tx.run(sqlText`update outbox set state = 'waiting', delivery = null, attempt = 0, since = ${param(at)}::timestamp, due_at = ${param(at)}::timestamp where state = 'unmatched' and ${rows}`)
}

/** What waits for a later try is tried now. */
export async function makeDue(tx: Connection, active: ActiveActivation, at: Instant): Promise<void> {
  await tx.run(sqlText`update outbox set due_at = ${param(at)}::timestamp where ${ownRows(active)} and state = 'waiting'`)
}

export interface Due {
  readonly at: Instant
  readonly limit: number
  /** Only those who are taken out because they no longer consent. */
  readonly onlyWithheld: boolean
}

/** Rows to be sent now, oldest first. */
export async function takeDue(store: Connection, active: ActiveActivation, { at, limit, onlyWithheld }: Due): Promise<readonly OutboxRow[]> {
  return store.rows<{ id: number; wanted: 'in' | 'out'; seq: number; attempt: number; since: Instant }>(
    sqlText`select id, wanted, seq, attempt, since from outbox where ${ownRows(active)} and state = 'waiting' and due_at <= ${param(at)}::timestamp${onlyWithheld ? sqlText` and ${isWithdrawal}` : empty} order by wanted desc, seq, id limit ${param(limit)}`,
  )
}
