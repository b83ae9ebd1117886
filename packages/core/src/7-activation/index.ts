// Stage 7: membership changes → deliveries. For each activation: finish what was on its way, see what is wanted, send it in
// batches, and keep the answer for every record.
import type { Applied } from '../2-plan/applied.js'
import type { Clock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import type { Json } from '../kernel/json.js'
import type { Log } from '../kernel/log.js'
import { numbers, sqlText } from '../kernel/sql-text.js'
import { batchSizeOf } from '../plugins/delivery-pace.js'
import type { Audience, DestinationCapabilities } from '../plugins/sdk.js'
import type { Connection, Store } from '../stores/store.js'
import { type ActiveActivation, listActivations, ownRows } from './activations.js'
import { forgetAudiences, readAudiences, rememberAudience } from './audiences.js'
import { consentOf, findWithheld, withhold } from './consent.js'
import type { ConnectorsOf } from './connectors.js'
import { type DeliveryTools, type PlannedDelivery, type PlannedItem, abandonDelivery, findUnfinished, itemKey, noDeliveries, planDelivery, sendDelivery, toDelivery, toItem } from './deliver.js'
import type { DeliveryCounts, DestinationReceipts, Receipts } from './delivery.js'
import { type PayloadContext, mapPayloads, sendsPeople } from './map-payload.js'
import { findBusy } from './find-busy.js'
import { type OutboxRow, collect, isBegun, isOpen, makeDue, takeDue } from './outbox.js'

export { listActivations } from './activations.js'
export { type RemoteAudience, forgetAudiences, readAudiences, rememberAudience } from './audiences.js'
export { type StillThere, findStillThere, forgetDeliveries } from './forget-deliveries.js'
export { findDrift } from './find-drift.js'
export { forgetOldReceipts } from './forget-old.js'
export { type DeliveryFilter, type ListRequest, listOpenDeliveries } from './open-deliveries.js'
export { reconcile } from './reconcile.js'
export { type SettledByHand, retryDeliveries, skipDeliveries } from './settle-by-hand.js'

export interface ActivateRequest {
  readonly store: Store
  readonly applied: Applied
  readonly connectors: ConnectorsOf
  readonly clock: Clock
  readonly log: Log
  /** Between 0 and 1, for the jitter of later tries. */
  readonly random: () => number
  /** Send nothing; tell what waits. */
  readonly dryRun?: boolean
  /** Try now what waits for a later try. */
  readonly retry?: boolean
  /** Only the destination of this name. */
  readonly only?: string
  /** Only activations whose segment or people have changed, or of which something is due: for being asked often. */
  readonly isQuick?: boolean
  /** After so many failed requests in a row the destination is left alone for the rest of the call. */
  readonly failuresToStop?: number
}

/**
 * Delivers what the membership log asks for. Stopped at any moment, the next call sends the same request again, with the
 * same id, and goes on. A destination that keeps failing is left alone for the rest of the call; the others are served.
 */
export async function activate(request: ActivateRequest): Promise<Receipts> {
  const destinations: DestinationReceipts[] = []
  const broken = new Set<string>()
  const held = new Set((await request.store.rows<{ segment: number }>(sqlText`select segment from segment_hold`)).map((each) => each.segment))
  const busy = request.isQuick === true ? await findBusy(request.store, request.clock.now()) : undefined
  for (const active of listActivations(request.applied)) {
    const { name } = active.destination.spec
    if (request.only !== undefined && request.only !== name) continue
    if (busy && !active.leaving && !busy(active)) continue
    const isHeld = held.has(active.segment.uid)
    const receipts = await serveSafely(request, { active, isHeld }, broken)
    if (isHeld) destinations.push({ ...receipts, held: true })
    else if (!active.leaving || receipts.deliveries > 0 || receipts.waiting > 0) destinations.push(receipts)
  }
  return { at: request.clock.now(), destinations }
}

interface Served {
  readonly active: ActiveActivation
  /** The segment's moves surprise: nothing is sent but the removal of those who no longer consent. */
  readonly isHeld: boolean
}

// A destination whose body, audience or connector is broken keeps its changes waiting; the others are served.
async function serveSafely(request: ActivateRequest, served: Served, broken: Set<string>): Promise<DestinationReceipts> {
  const { active } = served
  try {
    return await toReceipts(request.store, active, await serve(request, served, broken))
  } catch (error) {
    if (!isCdpError(error)) throw error
    request.log.write('error', error.message, { destination: active.destination.spec.name, code: error.code })
    broken.add(active.destination.spec.name)
    const receipts = await toReceipts(request.store, active, noDeliveries)
    return { ...receipts, retried: receipts.waiting }
  }
}

async function serve(request: ActivateRequest, { active, isHeld }: Served, broken: Set<string>): Promise<DeliveryCounts> {
  const { store, clock, applied } = request
  if (isHeld && (active.leaving || !(await isBegun(store, active)))) return noDeliveries
  if (active.leaving && active.activation.onRemove === 'keep') {
    await store.transaction((tx) => forgetAudiences(tx, { destination: active.destination.uid, segment: active.segment.uid }))
    return noDeliveries
  }
  const sendsNothing = request.dryRun === true || active.destination.spec.dryRun || broken.has(active.destination.spec.name)
  const worker = sendsNothing ? undefined : await openWorker(request, { active, isHeld })
  const isFinished = await worker?.finish()
  await store.transaction(async (tx) => {
    await collect(tx, active, { applied, at: clock.now(), held: isHeld })
    if (request.retry === true) await makeDue(tx, active, clock.now())
  })
  if (worker && isFinished === true && !(await worker.work())) broken.add(active.destination.spec.name)
  return worker?.counts ?? noDeliveries
}

async function openWorker(request: ActivateRequest, served: Served): Promise<Worker> {
  const { active } = served
  const { open, capabilities } = request.connectors(active.destination)
  const { store, clock, log, random } = request
  const audience = await ensureAudience({ store, clock, log, random, connector: open }, active)
  return new Worker(request, served, { tools: { store, clock, log, random, connector: open }, capabilities, audience })
}

// After so many failed requests in a row, the rest would fail too.
const usualFailuresToStop = 5

class Worker {
  #counts: DeliveryCounts = noDeliveries
  #failuresInARow = 0

  constructor(
    private readonly request: ActivateRequest,
    private readonly served: Served,
    private readonly parts: { readonly tools: DeliveryTools; readonly capabilities: DestinationCapabilities; readonly audience: Audience },
  ) {}

  private get active(): ActiveActivation {
    return this.served.active
  }

  get counts(): DeliveryCounts {
    return this.#counts
  }

  /** False while a job has some of what was sent: what comes after it waits, so that the order is kept. */
  async finish(): Promise<boolean> {
    let isFinished = true
    for (const delivery of await findUnfinished(this.request.store, this.active)) {
      if (await this.mustNotBeRepeated(delivery)) {
        await this.request.store.transaction((tx) => abandonDelivery(tx, this.active, delivery, this.request.clock.now()))
        continue
      }
      const counts = await sendDelivery(this.parts.tools, this.active, this.parts.audience, delivery)
      if (counts.deliveries === 0) isFinished = false
      else this.note(counts)
    }
    return isFinished
  }

  /** Written down before the segment was held, or before somebody in it withdrew consent. A job that has it already is only asked for its answer. */
  private async mustNotBeRepeated({ operation, job, items }: PlannedDelivery): Promise<boolean> {
    if (job !== undefined) return false
    if (this.served.isHeld) return true
    if (operation === 'remove') return false
    const question = consentOf(this.request.applied, this.active)
    return question ? (await findWithheld(this.request.store, question, items.map((each) => each.id))).length > 0 : sendsPeople(this.payloadContext())
  }

  /** False when the destination kept failing. */
  async work(): Promise<boolean> {
    for (;;) {
      const rows = await takeDue(this.request.store, this.active, { at: this.request.clock.now(), limit: batchSizeOf(this.active.destination.spec.config, this.parts.capabilities), onlyWithheld: this.served.isHeld })
      if (rows.length === 0) return true
      if (!(await this.send(rows))) return false
    }
  }

  private async send(rows: readonly OutboxRow[]): Promise<boolean> {
    const { removals, additions, obsolete, refusing } = await this.toItems(rows)
    if (obsolete.length > 0) await this.dropObsolete(obsolete)
    if (refusing.length > 0) await this.request.store.transaction((tx) => withhold(tx, this.active, refusing, this.request.clock.now()))
    for (const [operation, items] of [['remove', removals], ['upsert', additions]] as const) {
      if (items.length === 0) continue
      const delivery = toDelivery(this.active, operation, items)
      await planDelivery(this.parts.tools, this.active, delivery)
      this.note(await sendDelivery(this.parts.tools, this.active, this.parts.audience, delivery))
      if (this.#failuresInARow >= (this.request.failuresToStop ?? usualFailuresToStop)) return false
    }
    return true
  }

  /** Those who are wanted in are mapped as they are now; those who go out leave as they were put in. */
  private async toItems(rows: readonly OutboxRow[]): Promise<SortedRows> {
    const remote = await readRemote(this.request.store, this.active, rows)
    const removals = rows.flatMap((row) => {
      const there = remote.get(row.id)
      return there && (row.wanted === 'out' || there.certain) ? [{ key: itemKey(this.active, row), id: row.id, attempt: row.attempt + 1, since: row.since, identities: there.identities, sourceKeys: there.sourceKeys, payload: there.payload }] : []
    })
    const wanted = rows.filter((row) => row.wanted === 'in' && remote.get(row.id)?.certain !== true)
    const mapped = new Map((wanted.length === 0 ? [] : await mapPayloads(this.request.store, wanted.map((each) => each.id), this.payloadContext())).map((each) => [each.id, each]))
    const additions = wanted.flatMap((row) => {
      const profile = mapped.get(row.id)
      return profile && !profile.isWithheld ? [toItem(this.active, row, profile, remote.has(row.id))] : []
    })
    const refusing = [...mapped.values()].flatMap((each) => (each.isWithheld ? [each.id] : []))
    const obsolete = rows.filter((row) => !remote.has(row.id) && !mapped.has(row.id)).map((row) => row.id)
    return { removals, additions, obsolete, refusing }
  }

  private payloadContext(): PayloadContext {
    return { applied: this.request.applied, active: this.active, nowMs: this.request.clock.nowMs(), defaultPayload: this.parts.capabilities.defaultPayload }
  }

  private async dropObsolete(ids: readonly number[]): Promise<void> {
    await this.request.store.transaction(async (tx) => {
      await tx.run(sqlText`delete from outbox where ${ownRows(this.active)} and id in ${numbers(ids)}`)
    })
  }

  private note(counts: DeliveryCounts): void {
    // Who refuses a record works.
    this.#failuresInARow = counts.added + counts.removed + counts.rejected > 0 ? 0 : this.#failuresInARow + 1
    const sum = (key: keyof DeliveryCounts): number => this.#counts[key] + counts[key]
    this.#counts = { added: sum('added'), removed: sum('removed'), retried: sum('retried'), dead: sum('dead'), rejected: sum('rejected'), deliveries: sum('deliveries') }
  }
}

interface SortedRows {
  readonly removals: readonly PlannedItem[]
  readonly additions: readonly PlannedItem[]
  /** Nobody is there, and nobody is to come. */
  readonly obsolete: readonly number[]
  /** They withdrew consent since they were collected. */
  readonly refusing: readonly number[]
}

interface RemoteState {
  readonly certain: boolean
  readonly identities: Readonly<Record<string, string>>
  readonly sourceKeys: readonly string[]
  readonly payload: Json
}

async function readRemote(store: Connection, active: ActiveActivation, rows: readonly OutboxRow[]): Promise<ReadonlyMap<number, RemoteState>> {
  const found = await store.rows<{ id: number; identities: string; exit_payload: string; certain: boolean; source_keys: readonly string[] | null }>(
    sqlText`select id, identities, exit_payload, certain, source_keys from remote_member where ${ownRows(active)} and id in ${numbers(rows.map((each) => each.id))}`,
  )
  return new Map(found.map((each) => [each.id, { certain: each.certain, identities: JSON.parse(each.identities) as Record<string, string>, sourceKeys: each.source_keys ?? [], payload: JSON.parse(each.exit_payload) as Json }]))
}

async function ensureAudience(tools: DeliveryTools, active: ActiveActivation): Promise<Audience> {
  const audience: Audience = { segment: active.segment.spec.name, list: active.activation.list }
  if (!tools.connector.ensureAudience) return audience
  const place = { destination: active.destination.uid, segment: active.segment.uid }
  const [known] = await readAudiences(tools.store, place)
  if (known) return { ...audience, remoteId: known.remoteId }
  const made = await tools.connector.ensureAudience(audience)
  await tools.store.transaction((tx) => rememberAudience(tx, { ...place, ...made, at: tools.clock.now() }))
  return { ...audience, remoteId: made.remoteId }
}

async function toReceipts(store: Connection, active: ActiveActivation, counts: DeliveryCounts): Promise<DestinationReceipts> {
  const own = ownRows(active)
  const open = await store.row<{ waiting: number; unmatched: number; withheld: number }>(
    sqlText`select count(*) filter (where ${isOpen}) as waiting, count(*) filter (where state = 'unmatched') as unmatched, (select count(*) from withheld where ${own}) as withheld from outbox where ${own}`,
  )
  return { destination: active.destination.spec.name, segment: active.segment.spec.name, ...open, ...counts }
}
