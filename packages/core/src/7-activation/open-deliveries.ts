// What is still to be delivered, as people and programs ask for it: what waits, what was refused or given up and why, what a hold
// keeps back. One row per change of a profile at a destination; its id stays for as long as the change is open.
import { type Applied, type Uid, findSegment, nameOf } from '../2-plan/applied.js'
import type { Instant } from '../kernel/clock.js'
import { type SqlText, joined, numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { isWithdrawal } from './consent.js'
import { type DeliveryStatus, type OpenDeliveries, type OpenDelivery, type OpenDeliveryCount } from './delivery.js'

export interface DeliveryFilter {
  readonly ids?: readonly string[]
  readonly destination?: string
  readonly segment?: string
  readonly status?: DeliveryStatus
  readonly code?: string
  /** Waiting since then or later. */
  readonly since?: Instant
}

export interface ListRequest extends DeliveryFilter {
  readonly limit: number
  /** Rows to pass over, for the next page. */
  readonly offset?: number
}

interface Row {
  readonly destination: number
  readonly segment: number
  readonly id: number
  readonly wanted: 'in' | 'out'
  readonly status: DeliveryStatus
  readonly attempt: number
  readonly since: Instant
  readonly due_at: Instant | null
  readonly code: string | null
  readonly message: string | null
  readonly [key: string]: string | number | null
}

export async function listOpenDeliveries(store: Connection, applied: Applied, { limit, offset = 0, ...filter }: ListRequest): Promise<OpenDeliveries> {
  const chosen = chosenDeliveries(applied, filter)
  const counts = await countBy(store, applied, chosen)
  const rows = await store.rows<Row>(sqlText`select * from (${chosen}) order by since, destination, segment, id limit ${param(limit)} offset ${param(offset)}`)
  const labels = await readLabels(store, applied, rows)
  const deliveries = rows.map((row): OpenDelivery => ({
    id: toDeliveryId(row), ...namesOf(applied, row), profile: row.id, identity: labels.get(labelKey(entityOf(applied, row.segment), row.id)) ?? null, change: row.wanted === 'in' ? 'add' : 'remove',
    status: row.status, attempt: row.attempt, since: row.since, dueAt: row.due_at, code: row.code, message: row.message,
  }))
  return { total: counts.reduce((sum, each) => sum + each.count, 0), counts, deliveries }
}

/** Rows of what is open and meets the filter. */
export function chosenDeliveries(applied: Applied, filter: DeliveryFilter): SqlText {
  const { ids, destination, segment, status, code, since } = filter
  const conditions = [
    sqlText`true`,
    ...(ids === undefined ? [] : [sqlText`destination || '-' || segment || '-' || id in (select unnest(${param(ids)}))`]),
    ...(destination === undefined ? [] : [sqlText`destination = ${param(applied.destinations[destination]?.uid ?? -1)}`]),
    ...(segment === undefined ? [] : [sqlText`segment in ${numbers(segmentUids(applied, segment))}`]),
    ...(status === undefined ? [] : [sqlText`status = ${param(status)}`]),
    ...(code === undefined ? [] : [sqlText`code = ${param(code)}`]),
    ...(since === undefined ? [] : [sqlText`since >= ${param(since)}::timestamp`]),
  ]
  return sqlText`select * from (${everythingOpen}) where ${joined(conditions, ' and ')}`
}

// Of a held segment the log is not read on: what it has since the cursor is what the hold keeps back. Those who leave because they do
// not consent are not held.
const everythingOpen = sqlText`
  select destination, segment, id, wanted, attempt, since, due_at, code, message,
    case when state = 'waiting' and segment in (select segment from segment_hold) and not ${isWithdrawal} then 'held'
      when state = 'waiting' and attempt > 0 then 'retry' else state end as status
  from outbox
  union all
  select c.destination, l.segment, l.id, case when arg_max(l.change, l.seq) = 'entered' then 'in' else 'out' end, 0, min(l.at), null, null, null, 'held'
  from membership_log l join activation_cursor c on c.segment = l.segment
  where l.segment in (select segment from segment_hold) and l.seq > c.seq
    and not exists (select 1 from outbox o where o.destination = c.destination and o.segment = l.segment and o.id = l.id)
  group by c.destination, l.segment, l.id`

async function countBy(store: Connection, applied: Applied, chosen: SqlText): Promise<readonly OpenDeliveryCount[]> {
  const rows = await store.rows<{ destination: number; segment: number; status: DeliveryStatus; code: string | null; count: number; oldest: Instant; next_due: Instant | null }>(
    sqlText`select destination, segment, status, code, count(*) as count, min(since) as oldest, min(due_at) as next_due from (${chosen}) group by destination, segment, status, code order by count desc, destination, segment, status, code`,
  )
  return rows.map((each) => ({ ...namesOf(applied, each), status: each.status, code: each.code, count: each.count, oldest: each.oldest, nextDue: each.status === 'waiting' || each.status === 'retry' ? each.next_due : null }))
}

export function toDeliveryId({ destination, segment, id }: { readonly destination: Uid; readonly segment: Uid; readonly id: number }): string {
  return `${String(destination)}-${String(segment)}-${String(id)}`
}

/** By name; a segment that is given up keeps its name until everybody is out. */
function segmentUids(applied: Applied, segment: string): readonly Uid[] {
  const live = applied.segments[segment]
  return [...(live ? [live.uid] : []), ...applied.retired.filter((each) => each.segment.spec.name === segment).map((each) => each.segment.uid)]
}

function namesOf(applied: Applied, { destination, segment }: { readonly destination: Uid; readonly segment: Uid }): { readonly destination: string; readonly segment: string } {
  return { destination: nameOf(applied, 'Destination', destination), segment: nameOf(applied, 'Segment', segment) }
}

function entityOf(applied: Applied, uid: Uid): string {
  return findSegment(applied, uid)?.entity ?? 'person'
}

function labelKey(entity: string, id: number): string {
  return `${entity} ${String(id)}`
}

/** An identity that `cdp profile get` takes, the e-mail where there is one. */
async function readLabels(store: Connection, applied: Applied, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const labels = new Map<string, string>()
  for (const entity of new Set(rows.map((each) => entityOf(applied, each.segment)))) {
    const ids = rows.filter((each) => entityOf(applied, each.segment) === entity).map((each) => each.id)
    const found = await store.rows<{ id: number; label: string }>(
      sqlText`select n.id, coalesce('email:' || min(i.value) filter (where i.namespace = 'email'), min(i.namespace || ':' || i.value)) as label from node n join identity i on i.graph = n.graph and i.nid = n.nid
        where n.graph = ${param(entity)} and n.id in ${numbers([...new Set(ids)])} group by n.id`,
    )
    for (const each of found) labels.set(labelKey(entity, each.id), each.label)
  }
  return labels
}
