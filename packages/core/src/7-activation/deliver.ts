// One request: written down before it is sent, sent, and its answers taken in. Whatever happens between, the same request
// with the same id goes out again, and nothing is counted twice.
import type { Clock, Instant } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import { type Json, digest } from '../kernel/json.js'
import type { Log } from '../kernel/log.js'
import { type SqlText, numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Audience, BatchResult, Item, ItemResult, OpenDestination } from '../plugins/sdk.js'
import type { Connection, Store, StoreValue } from '../stores/store.js'
import { deliveryTable, receiptTable, remoteMemberTable } from '../stores/tables.js'
import { type ActiveActivation, ownRows } from './activations.js'
import type { DeliveryCounts, DeliveryOperation } from './delivery.js'
import type { MappedProfile } from './map-payload.js'
import type { OutboxRow } from './outbox.js'
import { nextTry } from './retry.js'

export interface DeliveryTools {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly connector: OpenDestination
}

/** A record of a request, with what is to be remembered once it is taken. */
export interface PlannedItem extends Item {
  readonly id: number
  readonly attempt: number
  readonly since: Instant
  /** Only when it is put in. */
  readonly exitPayload?: Json
  /** Only when it is put in: an earlier request may have done so already. */
  readonly mayBeThere?: boolean
}

export interface PlannedDelivery {
  readonly id: string
  readonly operation: DeliveryOperation
  readonly items: readonly PlannedItem[]
  /** The connector's job that has the answer; it is asked for instead of sending again. */
  readonly job?: string
}

export const noDeliveries: DeliveryCounts = { added: 0, removed: 0, retried: 0, dead: 0, rejected: 0, deliveries: 0 }

export function toDelivery(active: ActiveActivation, operation: DeliveryOperation, items: readonly PlannedItem[]): PlannedDelivery {
  // `since` tells an audience that was given up and taken up again from its former life.
  const id = digest([active.destination.uid, active.segment.uid, operation, ...items.flatMap((each) => [each.key, each.since])])
  return { id, operation, items }
}

export function toItem(active: ActiveActivation, row: OutboxRow, mapped: MappedProfile, mayBeThere: boolean): PlannedItem {
  const { id, identities, sourceKeys, payload, exitPayload } = mapped
  return { key: itemKey(active, row), id, attempt: row.attempt + 1, since: row.since, identities, sourceKeys, payload, exitPayload, mayBeThere }
}

/** The same for every try: segment, profile, and the place in the log that asked for it. */
export function itemKey(active: ActiveActivation, row: OutboxRow): string {
  return `${String(active.segment.uid)}:${String(row.id)}:${String(row.seq)}`
}

/** Writes the request down and marks its records as on their way: from now on they may be there. */
export async function planDelivery(tools: DeliveryTools, active: ActiveActivation, delivery: PlannedDelivery): Promise<void> {
  const { destination, segment } = active
  await tools.store.transaction(async (tx) => {
    await tx.run(sqlText`delete from delivery where delivery = ${param(delivery.id)}`)
    await tx.append(deliveryTable, [[delivery.id, destination.uid, segment.uid, delivery.operation, JSON.stringify(delivery.items), delivery.items.length, Math.max(...delivery.items.map((each) => each.attempt)), 'sending', tools.clock.now(), null, null]])
    if (delivery.operation === 'upsert') await rememberPossible(tx, active, delivery.items, tools.clock.now())
    await tx.run(
      sqlText`update outbox set state = 'sending', delivery = ${param(delivery.id)} where ${ownRows(active)} and ${idsOf(delivery.items)}`,
    )
  })
}

/** Requests that were written down and not answered, because we were stopped in between. */
export async function findUnfinished(store: Connection, active: ActiveActivation): Promise<readonly PlannedDelivery[]> {
  const rows = await store.rows<{ delivery: string; operation: DeliveryOperation; items: string; job: string | null }>(sqlText`select delivery, operation, items, job from delivery where ${ownRows(active)} and status = 'sending' order by delivery.at, delivery`)
  return rows.map((each) => ({ id: each.delivery, operation: each.operation, items: JSON.parse(each.items) as readonly PlannedItem[], ...(each.job === null ? {} : { job: each.job }) }))
}

/** Sends a request that was written down, and takes in its answers. While a job has them, the request stays open. */
export async function sendDelivery(tools: DeliveryTools, active: ActiveActivation, audience: Audience, delivery: PlannedDelivery): Promise<DeliveryCounts> {
  const answer = await ask(tools, audience, delivery)
  return tools.store.transaction(async (tx) => {
    if (!('job' in answer)) return settle(tx, tools, active, delivery, answer)
    await tx.run(sqlText`update delivery set job = ${param(answer.job)} where delivery = ${param(delivery.id)}`)
    return noDeliveries
  })
}

async function ask(tools: DeliveryTools, audience: Audience, delivery: PlannedDelivery): Promise<ReadonlyMap<string, ItemResult> | { readonly job: string }> {
  const { id, items } = delivery
  try {
    const answer = await send(tools, audience, delivery)
    return 'job' in answer ? { job: answer.job.id } : oneEach(items, answer.items)
  } catch (error) {
    const { code, message } = isCdpError(error) ? error : { code: 'connector/failed', message: error instanceof Error ? error.message : String(error) }
    const retryAfterMs = isCdpError(error) ? error.params['retryAfterMs'] : undefined
    tools.log.write('warn', message, { segment: audience.segment, delivery: id, code })
    return new Map(items.map(({ key }) => [key, { key, status: 'retry', code, message, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) }]))
  }
}

function send({ connector, clock }: DeliveryTools, audience: Audience, { id, operation, items, job }: PlannedDelivery): Promise<BatchResult> {
  if (job !== undefined && connector.poll) return connector.poll(job)
  const request = { id, at: clock.now(), audience, items: items.map(({ key, identities, sourceKeys, payload }) => ({ key, identities, sourceKeys, payload })) }
  return operation === 'upsert' ? connector.upsert(request) : connector.remove(request)
}

// A connector that forgets a record, or answers for it twice, has not said what became of it: try again.
function oneEach(items: readonly PlannedItem[], results: readonly ItemResult[]): ReadonlyMap<string, ItemResult> {
  const unclear = (key: string): ItemResult => ({ key, status: 'retry', code: 'connector/no-result', message: 'the connector gave no clear result for this record' })
  return new Map(items.map(({ key }) => {
    const own = results.filter((each) => each.key === key)
    return [key, own.length === 1 && own[0] ? own[0] : unclear(key)]
  }))
}

async function settle(tx: Connection, tools: DeliveryTools, active: ActiveActivation, delivery: PlannedDelivery, results: ReadonlyMap<string, ItemResult>): Promise<DeliveryCounts> {
  const at = tools.clock.now()
  const settled = delivery.items.map((item) => ({ item, result: results.get(item.key) ?? { key: item.key, status: 'retry' as const } }))
  const refused = settled.filter(({ result }) => result.status === 'rejected').map((each) => each.item)
  const unclear = settled.filter(({ result }) => result.status === 'retry').map((each) => each.item)
  const unknown = settled.filter(({ result }) => result.status === 'unmatched')
  // Whom the destination does not know is not in any audience there.
  const isOut = (status: ItemResult['status']): boolean => delivery.operation === 'remove' && status === 'unmatched'
  const taken = settled.filter(({ result: { status } }) => status === 'ok' || status === 'noop' || isOut(status))
  const open = settled.filter(({ result }) => result.status === 'retry' || result.status === 'rejected')
  await tx.append(receiptTable, settled.map(({ item, result }) => [delivery.id, active.destination.uid, active.segment.uid, item.id, item.key, result.status, result.code ?? null, result.message ?? null, at]))
  await rememberTaken(tx, active, delivery.operation, taken.map((each) => each.item), at)
  if (delivery.operation === 'remove') await doubt(tx, active, unclear)
  else {
    await forgetPossible(tx, active, [...refused, ...unknown.map((each) => each.item)].filter((each) => each.mayBeThere !== true))
    await setUnmatched(tx, active, unknown, at)
  }
  let dead = 0
  for (const { item, result } of open) {
    const due = result.status === 'retry' ? nextTry({ attempt: item.attempt, since: item.since, nowMs: tools.clock.nowMs(), random: tools.random(), ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }) }) : undefined
    if (due === undefined) dead++
    await tx.run(
      sqlText`update outbox set state = ${param(due === undefined ? 'dead' : 'waiting')}, attempt = ${param(item.attempt)}, due_at = ${param(due ?? at)}::timestamp, code = ${param(result.code ?? result.status)}, message = ${param(result.message ?? '')}
        where ${ownRows(active)} and id = ${param(item.id)}`,
    )
  }
  await tx.run(sqlText`update delivery set status = ${param(open.length === 0 ? 'done' : 'partly')}, ended_at = ${param(at)}::timestamp where delivery = ${param(delivery.id)}`)
  const count = taken.length
  return { added: delivery.operation === 'upsert' ? count : 0, removed: delivery.operation === 'remove' ? count : 0, retried: open.length - dead, dead, rejected: refused.length + unknown.length, deliveries: 1 }
}

async function setUnmatched(tx: Connection, active: ActiveActivation, unknown: readonly { readonly item: PlannedItem; readonly result: ItemResult }[], at: Instant): Promise<void> {
  if (unknown.length === 0) return
  const texts = (of: (result: ItemResult) => string): SqlText => sqlText`unnest(${param(unknown.map((each) => of(each.result)))})`
  await tx.run(
    sqlText`update outbox set state = 'unmatched', attempt = u.attempt, due_at = ${param(at)}::timestamp, code = u.code, message = u.message
      from (select unnest(${param(unknown.map((each) => String(each.item.id)))})::integer as id, unnest(${param(unknown.map((each) => String(each.item.attempt)))})::integer as attempt, ${texts(({ code }) => code ?? 'unmatched')} as code, ${texts(({ message }) => message ?? '')} as message) u
      where ${ownRows(active)} and outbox.id = u.id`,
  )
}

/** Gives up a request that was written down: who is in it may be there or not, and is sent again where that is still wanted. */
export async function abandonDelivery(tx: Connection, active: ActiveActivation, delivery: PlannedDelivery, at: Instant): Promise<void> {
  if (delivery.operation === 'upsert') await rememberPossible(tx, active, delivery.items, at)
  else await doubt(tx, active, delivery.items)
  await tx.run(sqlText`update outbox set state = 'waiting', delivery = null, due_at = ${param(at)}::timestamp where ${ownRows(active)} and state = 'sending' and delivery = ${param(delivery.id)}`)
  await tx.run(sqlText`update delivery set status = 'given up', ended_at = ${param(at)}::timestamp where delivery = ${param(delivery.id)}`)
}

async function rememberTaken(tx: Connection, active: ActiveActivation, operation: DeliveryOperation, items: readonly PlannedItem[], at: Instant): Promise<void> {
  if (items.length === 0) return
  const ids = idsOf(items)
  await tx.run(sqlText`delete from remote_member where ${ownRows(active)} and ${ids}`)
  if (operation === 'upsert') {
    await tx.append(remoteMemberTable, items.map((each) => toRemoteRow(active, each, true, at)))
  }
  // Somebody taken out under an old identity is still wanted in under the new one.
  const wanted = operation === 'upsert' ? 'in' : 'out'
  await tx.run(sqlText`delete from outbox where ${ownRows(active)} and ${ids} and wanted = ${param(wanted)}`)
  await tx.run(sqlText`update outbox set state = 'waiting', delivery = null where ${ownRows(active)} and ${ids}`)
}

// From the moment that they are sent until the answer, and after a time-out, they may be there or not: a later exit must be sent, and
// a later entry too.
async function rememberPossible(tx: Connection, active: ActiveActivation, items: readonly PlannedItem[], at: Instant): Promise<void> {
  await tx.run(sqlText`delete from remote_member where ${ownRows(active)} and ${idsOf(items)}`)
  await tx.append(remoteMemberTable, items.map((each) => toRemoteRow(active, each, false, at)))
}

async function doubt(tx: Connection, active: ActiveActivation, items: readonly PlannedItem[]): Promise<void> {
  if (items.length > 0) await tx.run(sqlText`update remote_member set certain = false where ${ownRows(active)} and ${idsOf(items)}`)
}

async function forgetPossible(tx: Connection, active: ActiveActivation, items: readonly PlannedItem[]): Promise<void> {
  if (items.length > 0) await tx.run(sqlText`delete from remote_member where ${ownRows(active)} and ${idsOf(items)} and not certain`)
}

function idsOf(items: readonly PlannedItem[]): SqlText {
  return sqlText`id in ${numbers(items.map((each) => each.id))}`
}

function toRemoteRow(active: ActiveActivation, item: PlannedItem, certain: boolean, at: Instant): readonly StoreValue[] {
  return [active.destination.uid, active.segment.uid, item.id, item.identities['email'] ?? null, JSON.stringify(item.identities), JSON.stringify(item.exitPayload ?? {}), certain, at, item.sourceKeys]
}
