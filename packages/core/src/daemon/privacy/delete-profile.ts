// One person deleted everywhere. In one transaction the person leaves every segment and everything that is known goes; then the
// destinations are told by the outbox as of any exit, with what they were given (remote_member), which goes last. A destination that
// cannot be told keeps only that, and every later pass tries again to finish. The audit row names nobody: a number and a keyed digest.
import type { Applied } from '../../2-plan/applied.js'
import { addTombstones, digestIdentity, forgetRecords } from '../../4-ingest/index.js'
import { forgetPerson } from '../../5-profiles/index.js'
import { forgetMember, leaveSegments } from '../../6-segments/index.js'
import { type StillThere, findStillThere, forgetDeliveries } from '../../7-activation/index.js'
import type { Identity } from '../../entities/identity-value.js'
import type { Clock } from '../../kernel/clock.js'
import { param, sqlText } from '../../kernel/sql-text.js'
import type { Connection, Store } from '../../stores/store.js'
import { privacyRequestTable } from '../../stores/tables.js'
import { type Footprint, findFootprint } from './footprint.js'

export interface DeleteProfileRequest {
  readonly store: Store
  readonly applied: Applied
  readonly clock: Clock
  readonly identity: Identity
  /** Of this request, and of the audit row. */
  readonly request: string
  /** The key of digests, where this is the first request of the sandbox. */
  readonly salt: string
  /** The same records may come back. */
  readonly allowReturn: boolean
  /** Sends what waits. */
  readonly deliver: () => Promise<unknown>
  /** Within the transaction, when everything is written: copies in memory are of no use any more. */
  readonly onForgotten?: () => void
}

export interface DeletedCounts {
  readonly records: number
  readonly events: number
  readonly identities: number
  readonly segments: number
}

export interface DeletedProfile {
  readonly request: string
  readonly profile: number
  readonly status: 'done' | 'waiting'
  readonly deleted: DeletedCounts
  /** Audiences that the person may still be in. */
  readonly stillThere: readonly StillThere[]
}

interface Audit {
  readonly profile: number
  readonly nids: readonly number[]
  readonly deleted: DeletedCounts
}

/** Undefined when nobody is known by the identity, and no deletion of it waits. */
export async function deleteProfile(wanted: DeleteProfileRequest): Promise<DeletedProfile | undefined> {
  const { store, applied, clock, identity, deliver } = wanted
  const found = await findFootprint(store, applied, identity)
  const salt = (await findSalt(store)) ?? wanted.salt
  const open = found ? { request: wanted.request, audit: await forget(wanted, found, salt) } : await findOpen(store, digestIdentity(salt, identity))
  if (!open) return undefined
  await deliver()
  const stillThere = await finish(store, applied, open, clock)
  await store.checkpoint()
  const { profile, deleted } = open.audit
  return { request: open.request, profile, status: stillThere.length === 0 ? 'done' : 'waiting', deleted, stillThere }
}

function forget({ store, applied, clock, identity, request, allowReturn, onForgotten }: DeleteProfileRequest, found: Footprint, salt: string): Promise<Audit> {
  const { id, nids, identities, records } = found
  const at = clock.now()
  return store.transaction(async (tx) => {
    const segments = await leaveSegments(tx, applied, nids, { run: request, at })
    const raw = await forgetRecords(tx, applied.entities, records)
    const events = await forgetPerson(tx, applied.entities, { id, nids, sourceKeys: records.sourceKeys, at })
    if (!allowReturn) await addTombstones(tx, identities, { salt, at })
    const audit: Audit = { profile: id, nids, deleted: { records: raw, events, identities: identities.length, segments } }
    await tx.append(privacyRequestTable, [[request, 'delete', salt, digestIdentity(salt, identity), 'waiting', JSON.stringify(audit), at, null]])
    await tx.run(sqlText`update breach set sample = null where sample in (select unnest(${param(records.sourceKeys)}))`)
    onForgotten?.()
    return audit
  })
}

interface OpenRequest {
  readonly request: string
  readonly audit: Audit
}

/** Gives where the person may still be; what only a removal needs stays until there is none. */
async function finish(store: Store, applied: Applied, { request, audit }: OpenRequest, clock: Clock): Promise<readonly StillThere[]> {
  return store.transaction(async (tx) => {
    const stillThere = await findStillThere(tx, applied, audit.nids)
    const everything = stillThere.length === 0
    await forgetDeliveries(tx, applied, audit.nids, { everything })
    if (!everything) return stillThere
    await forgetMember(tx, applied, audit.nids)
    await tx.run(sqlText`update privacy_request set status = 'done', ended_at = ${param(clock.now())}::timestamp where request = ${param(request)}`)
    return stillThere
  })
}

/** Deletions that waited for a destination which has been told since. */
export async function finishDeletions(store: Store, applied: Applied, clock: Clock): Promise<void> {
  const open = await store.rows<{ request: string; detail: string }>(sqlText`select request, detail from privacy_request where status = 'waiting'`)
  for (const { request, detail } of open) await finish(store, applied, { request, audit: JSON.parse(detail) as Audit }, clock)
}

/** The audit row of an export. */
export async function noteExport(store: Store, { request, identity, salt, clock }: Pick<DeleteProfileRequest, 'request' | 'identity' | 'salt' | 'clock'>): Promise<void> {
  const key = (await findSalt(store)) ?? salt
  const at = clock.now()
  await store.transaction((tx) => tx.append(privacyRequestTable, [[request, 'export', key, digestIdentity(key, identity), 'done', '{}', at, at]]))
}

async function findSalt(store: Connection): Promise<string | undefined> {
  const [row] = await store.rows<{ salt: string }>(sqlText`select salt from privacy_request limit 1`)
  return row?.salt
}

async function findOpen(store: Connection, subject: string): Promise<OpenRequest | undefined> {
  const [row] = await store.rows<{ request: string; detail: string }>(sqlText`select request, detail from privacy_request where kind = 'delete' and status = 'waiting' and subject = ${param(subject)} limit 1`)
  return row && { request: row.request, audit: JSON.parse(row.detail) as Audit }
}
