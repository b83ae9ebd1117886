// What the new records say about identities: temporary table `claim`, one row per record and identity, in normal form.
// What cannot identify anybody is refused here, with its code; the record lives on under its own source key.
import type { RunTimeGuardrail, RunTimeLimits } from '../../1-project/project.js'
import { type EntitySchema, type IdentityField, tableOf } from '../../entities/entity-schema.js'
import type { Instant } from '../../kernel/clock.js'
import { type SqlText, joined, name, param, sqlText } from '../../kernel/sql-text.js'
import type { Connection } from '../../stores/store.js'

export interface ClaimRequest {
  /** The stitched entity whose graph it is. */
  readonly schema: EntitySchema
  /** Events that belong to this graph (people's), if any. */
  readonly event?: EntitySchema
  readonly afterSeq: number
  readonly at: Instant
  readonly limits: RunTimeLimits
}

/** `rank` 0 is the record's own key; the others follow the schema's order. Events (origin `event`) have no own key. */
export async function collectClaims(tx: Connection, request: ClaimRequest): Promise<void> {
  const { schema, event, afterSeq } = request
  const part = name(`part_${tableOf(schema.name)}`)
  const fresh = sqlText`_seq > ${param(afterSeq)} and not _deleted`
  const own = sqlText`select _source_key as record, _seq as seq, ${param('record')} as origin, ${param(0)} as rank, ${param(schema.namespace)} as namespace, _source_key as value from ${part} where ${fresh}`
  const fields = schema.identities.map((each, index) => fieldClaim(part, each, { rank: index + 1, origin: 'record', condition: fresh }))
  const events = (event?.identities ?? []).map((each, index) => fieldClaim(name('part_event'), each, { rank: index + 1, origin: 'event', condition: sqlText`_seq > ${param(afterSeq)}` }))
  await tx.run(sqlText`create or replace temporary table claim as ${joined([own, ...fields, ...events], ' union all ')}`)
  await refuseBadValues(tx, request)
  await refuseLongRecords(tx, request)
}

function fieldClaim(part: SqlText, identity: IdentityField, { rank, origin, condition }: { readonly rank: number; readonly origin: string; readonly condition: SqlText }): SqlText {
  const field = name(identity.field)
  const value = identity.namespace === 'email' ? sqlText`lower(trim(${field}))` : sqlText`trim(${field})`
  return sqlText`select _source_key, _seq, ${param(origin)}, ${param(rank)}, ${param(identity.namespace)}, ${value} from ${part} where ${condition} and ${field} is not null`
}

/** What identifies nobody, in any case. */
export const bannedValues: readonly string[] = ['null', 'anonymous', 'invalid', 'undefined', 'none', 'n/a', 'unknown']

async function refuseBadValues(tx: Connection, request: ClaimRequest): Promise<void> {
  const reasons = badValues(request.limits)
  if (reasons.length === 0) return
  const code = sqlText`case ${joined(reasons.map(([id, isBad]) => sqlText`when ${isBad} then ${param(`guardrail/${id}`)}`), ' ')} end`
  await refuse(tx, request, sqlText`select record, namespace, value, ${code} as code from claim where rank > 0 and ${code} is not null`)
}

function badValues(limits: RunTimeLimits): readonly (readonly [id: RunTimeGuardrail, isBad: SqlText])[] {
  const { 'id-length': longest, 'ecid-format': digits } = limits
  return [
    ...(limits['id-banned'] === undefined ? [] : [['id-banned', sqlText`value = '' or lower(value) in (${joined(bannedValues.map((each) => param(each)), ', ')})`] as const]),
    ...(longest === undefined ? [] : [['id-length', sqlText`length(value) > ${param(longest)}`] as const]),
    ...(digits === undefined ? [] : [['ecid-format', sqlText`namespace = 'ecid' and (length(value) <> ${param(digits)} or translate(value, '0123456789', '') <> '')`] as const]),
  ]
}

/** A record that claims too many identities is known by its own key alone. Most schemas cannot even name so many. */
async function refuseLongRecords(tx: Connection, request: ClaimRequest): Promise<void> {
  const { schema, event, limits: { 'ids-per-record': most } } = request
  if (most === undefined || Math.max(schema.identities.length + 1, event?.identities.length ?? 0) <= most) return
  const long = sqlText`select record, origin from claim group by record, origin having count(distinct (namespace, value)) > ${param(most)}`
  await refuse(tx, request, sqlText`select record, namespace, value, 'guardrail/ids-per-record' as code from claim where rank > 0 and (record, origin) in (${long})`)
}

/** Takes the claims of a query (record, namespace, value, code) back, and remembers why. */
async function refuse(tx: Connection, { schema, at }: ClaimRequest, claims: SqlText): Promise<void> {
  if ((await tx.temporaryFrom('refused', claims)) === 0) return
  await tx.run(rememberRefused(schema.name, sqlText`refused`, at))
  await tx.run(sqlText`delete from claim where rank > 0 and (record, namespace, value) in (select record, namespace, value from refused)`)
}

/** Refusals are reported once, however often the record comes back. */
export function rememberRefused(graph: string, refused: SqlText, at: Instant): SqlText {
  return sqlText`insert into refused_link select distinct ${param(graph)}, r.record, r.namespace, r.value, r.code, ${param(at)}::timestamp from ${refused} r
    where not exists (select 1 from refused_link known where known.graph = ${param(graph)} and known.source_key = r.record and known.namespace = r.namespace and known.value = r.value and known.code = r.code)`
}

