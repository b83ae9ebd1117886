// The tables that are the same in every sandbox, and which stage alone writes each. Tables that follow the entity
// schemas are in entity-tables.ts. Segments, sources and destinations appear by uid, so that a rename touches no row.
import type { Column, ColumnType, Table } from './store.js'

export const storeFormat = 1

export type Stage = '3-apply' | '4-ingest' | '5-profiles' | '6-segments' | '7-activation' | 'daemon'

export interface OwnedTable extends Table {
  readonly writtenBy: Stage
}

export const appliedTable = table('applied', '3-apply', { serial: 'bigint', at: 'instant', body: 'json' })

/** How far each stream was read. */
export const cursorTable = table('cursor', '4-ingest', { source: 'int', stream: 'text', checkpoint: 'json', at: 'instant' })
/** The last sequence number given to a record, over all streams. One row. */
export const recordSequenceTable = table('record_sequence', '4-ingest', { last: 'bigint' })
/** What failed, and why. `seq` is the ingestion's sequence number. */
export const quarantineTable = table('quarantine', '4-ingest', { seq: 'bigint', source: 'int', stream: 'text', key: 'text', code: 'text', field: 'text', message: 'text', record: 'json', at: 'instant' })

/** A value in a namespace, as a dense number within its graph (one graph per stitched entity: person, account …). */
export const identityTable = table('identity', '5-profiles', { graph: 'text', nid: 'int', namespace: 'text', value: 'text' })
/** Node `a` is also known as `b`, says a record (whose own node `a` is; replaced with the record) or an event (kept). `seq` is its sequence number. */
export const linkTable = table('link', '5-profiles', { graph: 'text', a: 'int', b: 'int', seq: 'bigint', origin: 'text' })
/** Which profile a node belongs to; the profile's id is the smallest nid of its component. */
export const nodeTable = table('node', '5-profiles', { graph: 'text', nid: 'int', id: 'int' })
/** Links and identities that were not accepted, with the guardrail's code. */
export const refusedLinkTable = table('refused_link', '5-profiles', { graph: 'text', source_key: 'text', namespace: 'text', value: 'text', code: 'text', at: 'instant' })
/** Log of changed profiles, read by segment evaluation. `into_id` only when merged. */
export const profileChangeTable = table('profile_change', '5-profiles', { seq: 'bigint', entity: 'text', id: 'int', change: 'text', into_id: 'int', at: 'instant' })
/** Records up to this sequence number are in the profiles. One row. */
export const profileCursorTable = table('profile_cursor', '5-profiles', { seq: 'bigint' })
/** person to account by each of the three paths. */
export const personAccountTable = table('person_account', '5-profiles', { person_id: 'int', account_id: 'int', direct: 'boolean', relation: 'boolean', opportunity: 'boolean' })

/** One row per profile that is, or within 30 days was, a member. `status` is realized or exited. */
export const membershipTable = table('membership', '6-segments', { segment: 'int', id: 'int', status: 'text', qualified_at: 'instant', exited_at: 'instant' })
/** The realized memberships of a profile as bits, 50 to a word; more words are added as columns. What is compared in each evaluation. */
export const memberWordsTables = {
  person: table('member_words_person', '6-segments', { id: 'int', w0: 'bigint' }),
  account: table('member_words_account', '6-segments', { id: 'int', w0: 'bigint' }),
} as const
/** Which bit stands for which segment, counted over all words. */
export const segmentBitTable = table('segment_bit', '6-segments', { segment: 'int', entity: 'text', bit: 'int' })
/** The ordered log that activation reads. `change` is entered or left. */
export const membershipLogTable = table('membership_log', '6-segments', { seq: 'bigint', segment: 'int', id: 'int', change: 'text', because: 'text', run: 'text', at: 'instant' })
/** Up to where profile_change was evaluated, and what each segment's members were computed from. */
export const segmentStateTable = table('segment_state', '6-segments', { segment: 'int', digest: 'text', profile_seq: 'bigint', evaluated_at: 'instant', members: 'bigint', errors: 'json' })

/** Segments of which nothing is delivered, since where in the log, and why. */
export const segmentHoldTable = table('segment_hold', '6-segments', { segment: 'int', from_seq: 'bigint', members: 'bigint', reason: 'json', at: 'instant' })

/** How far each activation has read the membership log and the log of changed profiles, and by which consent rule. */
export const activationCursorTable = table('activation_cursor', '7-activation', { destination: 'int', segment: 'int', seq: 'bigint', profile_seq: 'bigint', consent: 'text', at: 'instant' })
/** Members who are kept out of an audience because they do not consent; they are put in when they do. */
export const withheldTable = table('withheld', '7-activation', { destination: 'int', segment: 'int', id: 'int', at: 'instant' })
/** What each profile's state at the destination should be, until it is. `wanted` is in or out; `state` is waiting, sending, dead, unmatched or skipped. */
export const outboxTable = table('outbox', '7-activation', { destination: 'int', segment: 'int', id: 'int', wanted: 'text', seq: 'bigint', state: 'text', delivery: 'text', attempt: 'int', due_at: 'instant', since: 'instant', code: 'text', message: 'text' })
/** Requests, written before they are sent. `items` is exactly what the connector is handed; `job` is the connector's, while it has the answer. */
export const deliveryTable = table('delivery', '7-activation', { delivery: 'text', destination: 'int', segment: 'int', operation: 'text', items: 'json', records: 'int', attempt: 'int', status: 'text', at: 'instant', ended_at: 'instant', job: 'text' })
export const receiptTable = table('receipt', '7-activation', { delivery: 'text', destination: 'int', segment: 'int', id: 'int', item: 'text', status: 'text', code: 'text', message: 'text', at: 'instant' })
/** Who is in the remote audience as far as we know: under which identities, and what will be sent to take them out. Not certain after a request without a clear answer. */
export const remoteMemberTable = table('remote_member', '7-activation', { destination: 'int', segment: 'int', id: 'int', identity: 'text', identities: 'json', exit_payload: 'json', certain: 'boolean', at: 'instant', source_keys: 'texts' })
/** The remote audience of an activation. */
export const remoteAudienceTable = table('remote_audience', '7-activation', { destination: 'int', segment: 'int', remote_id: 'text', created: 'boolean', at: 'instant' })

export const runTable = table('run', 'daemon', { run: 'text', serial: 'bigint', started_at: 'instant', ended_at: 'instant', status: 'text', summary: 'json' })
/** What the stored parts and profiles were made with, by digest: a difference means that they are made again. */
export const builtFromTable = table('built_from', 'daemon', { what: 'text', source: 'int', stream: 'text', digest: 'text' })

/** When each job of the schedule was last started. */
export const scheduleTable = table('schedule', 'daemon', { job: 'text', started_at: 'instant' })

/** Destinations that keep failing and are left alone for a while. */
export const circuitTable = table('circuit', 'daemon', { destination: 'int', opened_at: 'instant', probe_at: 'instant', failures: 'int' })

/** What breaches a guardrail of run time, and what was looked at and keeps it (`count` 0). */
export const breachTable = table('breach', 'daemon', { guardrail: 'text', allowed: 'double', count: 'bigint', worst: 'double', sample: 'text', first_at: 'instant', last_at: 'instant' })

/** Digests of the identities of people who were deleted: what comes under one of them is let go. */
export const tombstoneTable = table('tombstone', '4-ingest', { salt: 'text', digest: 'text', at: 'instant' })
/** Requests of access and of deletion, without saying whose. `status` is waiting or done. */
export const privacyRequestTable = table('privacy_request', 'daemon', { request: 'text', kind: 'text', salt: 'text', subject: 'text', status: 'text', detail: 'json', at: 'instant', ended_at: 'instant' })
/** How many members each segment had after each pass: a row only where it is another number than before. */
export const segmentSizeTable = table('segment_size', 'daemon', { segment: 'int', run: 'text', at: 'instant', members: 'bigint' })
/** Who may use the admin API. `digest` is the SHA-256 of what was told once. */
export const tokenTable = table('token', 'daemon', { id: 'text', name: 'text', role: 'text', digest: 'text', created_at: 'instant', revoked_at: 'instant' })

export const controlTables: readonly OwnedTable[] = [
  appliedTable, cursorTable, recordSequenceTable, quarantineTable, identityTable, linkTable, nodeTable, refusedLinkTable, profileChangeTable, profileCursorTable, personAccountTable,
  membershipTable, memberWordsTables.person, memberWordsTables.account, segmentBitTable, membershipLogTable, segmentStateTable, segmentHoldTable, activationCursorTable, withheldTable, outboxTable, deliveryTable, receiptTable, remoteMemberTable, remoteAudienceTable, runTable, builtFromTable, scheduleTable, circuitTable, breachTable,
  segmentSizeTable, tokenTable, tombstoneTable, privacyRequestTable,
]

function table(name: string, writtenBy: Stage, columns: Readonly<Record<string, ColumnType>>): OwnedTable {
  const list: readonly Column[] = Object.entries(columns).map(([each, type]) => ({ name: each, type }))
  return { name, writtenBy, columns: list }
}
