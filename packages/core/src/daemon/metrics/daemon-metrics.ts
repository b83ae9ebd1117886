// What a daemon counts, as Prometheus reads it. Work adds to counters once per batch; what the store knows is asked when somebody
// scrapes, and not more often than every few seconds. No label names a person.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Applied } from '../../2-plan/applied.js'
import type { RecordBatch } from '../../4-ingest/batch.js'
import type { MembershipChanges } from '../../6-segments/membership.js'
import type { DestinationReceipts } from '../../7-activation/delivery.js'
import type { Clock } from '../../kernel/clock.js'
import type { QuotaUse } from '../../plugins/quota-use.js'
import type { Connection } from '../../stores/store.js'
import type { DaemonEvents } from '../daemon-events.js'
import type { Latency } from '../observe/read-latencies.js'
import { outcomeOf } from '../run-history.js'
import type { FollowStatus } from '../serving-status.js'
import { readGauges } from './read-gauges.js'

/** A sandbox as a scrape sees it. */
export interface MeasuredSandbox {
  readonly name: string
  readonly applied: Applied
  readonly store: Connection
  readonly waitingRecords: number
  readonly latencies: readonly Latency[]
  readonly follow: FollowStatus | undefined
  readonly quotas: () => Promise<readonly QuotaUse[]>
}

export interface CollectedRequest {
  readonly route: string
  readonly status: number
  readonly elapsedMs: number
}

export interface MetricsOptions {
  readonly version: string
  readonly clock: Clock
  /** Those that are served now. */
  readonly sandboxes: () => readonly MeasuredSandbox[]
  /** Names of those that should be. */
  readonly wanted: readonly string[]
  /** Of the process: memory, event loop, garbage collection. */
  readonly ofProcess?: boolean
}

const askStoreEveryMs = 5000
const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10]
const workSeconds = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600]

export class DaemonMetrics {
  readonly #registry = new Registry()
  #asked: { readonly atMs: number; readonly done: Promise<void> } | undefined

  readonly #ingested = this.counter('cdp_ingest_events_total', 'Records collected by HTTP', ['sandbox', 'source', 'type', 'outcome'])
  readonly #requests = this.histogram('cdp_ingest_request_duration_seconds', 'Requests to the collection, until their records are durable', ['route', 'status'], requestSeconds)
  readonly #queue = this.gauge('cdp_ingest_queue_depth', 'Collected records that wait for their micro-batch', ['sandbox'])
  readonly #read = this.counter('cdp_source_records_total', 'Records read of a stream', ['sandbox', 'source', 'stream'])
  readonly #lag = this.gauge('cdp_source_lag_seconds', 'Since a stream was read', ['sandbox', 'source', 'stream'])
  readonly #readAt = this.gauge('cdp_source_last_success_timestamp_seconds', 'When a stream was read', ['sandbox', 'source', 'stream'])
  readonly #members = this.gauge('cdp_segment_members', 'Members of a segment', ['sandbox', 'segment'])
  readonly #transitions = this.counter('cdp_segment_transitions_total', 'Profiles that entered or left', ['sandbox', 'segment', 'direction'])
  readonly #evaluations = this.histogram('cdp_segment_evaluation_duration_seconds', 'An evaluation of the segments of a pass or of a micro-batch', ['sandbox', 'mode'], workSeconds)
  readonly #freshness = this.gauge('cdp_segment_freshness_seconds', 'Since a segment was evaluated', ['sandbox', 'segment'])
  readonly #items = this.counter('cdp_delivery_items_total', 'Changes sent to a destination, by what became of them', ['sandbox', 'destination', 'outcome'])
  readonly #deliveries = this.histogram('cdp_delivery_duration_seconds', 'A pass of a destination in which something was sent', ['sandbox', 'destination'], workSeconds)
  readonly #backlog = this.gauge('cdp_delivery_backlog', 'Changes that wait for a destination', ['sandbox', 'destination'])
  readonly #quota = this.gauge('cdp_destination_quota_remaining', 'Requests left of the day, by the first resource of an account', ['sandbox', 'resource'])
  readonly #identities = this.gauge('cdp_identity_graph_size', 'Identities in a graph', ['sandbox', 'graph'])
  readonly #serial = this.gauge('cdp_config_serial', 'State that the daemon works from', ['sandbox'])
  readonly #up = this.gauge('cdp_sandbox_up', '1 when the sandbox is served', ['sandbox'])
  readonly #runs = this.counter('cdp_runs_total', 'Passes, by how they ended', ['sandbox', 'status'])
  readonly #latency = this.gauge('cdp_latency_seconds', 'Age of the oldest that waits at a hop', ['sandbox', 'hop'])
  readonly #objective = this.gauge('cdp_latency_objective_seconds', 'Objective of a hop', ['sandbox', 'hop'])
  readonly #missed = this.gauge('cdp_latency_missed', '1 when the objective of a hop is missed', ['sandbox', 'hop'])

  readonly #refused = this.gauge('cdp_files_refused', '1 when the sandbox is not as the files say', ['sandbox'])
  readonly #failed = this.counter('cdp_scrape_failures_total', 'Scrapes that could not ask a sandbox', ['sandbox'])

  constructor(private readonly options: MetricsOptions) {
    this.gauge('cdp_build_info', 'Version of cdpkit', ['version']).set({ version: options.version }, 1)
    if (options.ofProcess === true) collectDefaultMetrics({ register: this.#registry })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** What adds to the counters of a sandbox. */
  eventsOf(sandbox: string): Required<Pick<DaemonEvents, 'onStream' | 'onReceipts' | 'onRun'>> {
    return {
      onStream: ({ batches, followed, stageMs }) => {
        for (const each of batches) this.addCollected(sandbox, each)
        if (!followed) return
        this.addTransitions(sandbox, followed.segments)
        this.#evaluations.observe({ sandbox, mode: 'streaming' }, stageMs['6-segments'] / 1000)
      },
      onReceipts: (receipts, elapsedMs) => { this.addReceipts(sandbox, receipts, elapsedMs) },
      onRun: (event) => {
        if (event.is === 'started') return
        this.#runs.inc({ sandbox, status: event.is === 'failed' ? 'failed' : outcomeOf(event.result) })
        if (event.is === 'failed') return
        for (const { source, stream, read } of event.result.batches) this.#read.inc({ sandbox, source, stream }, read)
        this.addTransitions(sandbox, event.result.segments)
        this.#evaluations.observe({ sandbox, mode: 'batch' }, event.result.stageMs['6-segments'] / 1000)
      },
    }
  }

  addRequest({ route, status, elapsedMs }: CollectedRequest): void {
    this.#requests.observe({ route, status }, elapsedMs / 1000)
  }

  /** As Prometheus reads it. */
  async text(): Promise<string> {
    const nowMs = this.options.clock.ticksMs()
    if (!this.#asked || nowMs - this.#asked.atMs >= askStoreEveryMs) this.#asked = { atMs: nowMs, done: this.ask() }
    await this.#asked.done
    return this.#registry.metrics()
  }

  private addCollected(sandbox: string, { source, stream, read, changed, unchanged, deleted, quarantined }: RecordBatch): void {
    this.#read.inc({ sandbox, source, stream }, read)
    const outcomes = { stored: changed + deleted, repeated: unchanged, quarantined }
    for (const [outcome, count] of Object.entries(outcomes)) if (count > 0) this.#ingested.inc({ sandbox, source, type: stream, outcome }, count)
  }

  private addTransitions(sandbox: string, { segments }: MembershipChanges): void {
    for (const { segment, entered, left } of segments) {
      if (entered > 0) this.#transitions.inc({ sandbox, segment, direction: 'entered' }, entered)
      if (left > 0) this.#transitions.inc({ sandbox, segment, direction: 'left' }, left)
    }
  }

  private addReceipts(sandbox: string, receipts: readonly DestinationReceipts[], elapsedMs: number): void {
    for (const { destination, added, removed, retried, dead } of receipts) {
      const outcomes = { added, removed, retried, dead }
      for (const [outcome, count] of Object.entries(outcomes)) if (count > 0) this.#items.inc({ sandbox, destination, outcome }, count)
    }
    const [first] = receipts.filter((each) => each.deliveries > 0)
    if (first) this.#deliveries.observe({ sandbox, destination: first.destination }, elapsedMs / 1000)
  }

  private async ask(): Promise<void> {
    const served = this.options.sandboxes()
    for (const each of [this.#queue, this.#lag, this.#readAt, this.#members, this.#freshness, this.#backlog, this.#quota, this.#identities, this.#serial, this.#latency, this.#objective, this.#missed]) each.reset()
    for (const name of this.options.wanted) this.#up.set({ sandbox: name }, served.some((each) => each.name === name) ? 1 : 0)
    for (const each of served) await this.measure(each).catch(() => { this.#failed.inc({ sandbox: each.name }) })
  }

  private async measure(measured: MeasuredSandbox): Promise<void> {
    const { name: sandbox, applied, store, waitingRecords, latencies } = measured
    this.#queue.set({ sandbox }, waitingRecords)
    this.#serial.set({ sandbox }, applied.serial)
    if (measured.follow) this.#refused.set({ sandbox }, measured.follow.refused ? 1 : 0)
    for (const { hop, oldestMs, objectiveMs, missed } of latencies) {
      this.#latency.set({ sandbox, hop }, oldestMs / 1000)
      this.#objective.set({ sandbox, hop }, objectiveMs / 1000)
      this.#missed.set({ sandbox, hop }, missed ? 1 : 0)
    }
    const nowMs = this.options.clock.nowMs()
    const gauges = await readGauges(store, applied)
    for (const { source, stream, readAtMs } of gauges.streams) {
      this.#readAt.set({ sandbox, source, stream }, readAtMs / 1000)
      this.#lag.set({ sandbox, source, stream }, Math.max(0, nowMs - readAtMs) / 1000)
    }
    for (const { segment, members, evaluatedAtMs } of gauges.segments) {
      this.#members.set({ sandbox, segment }, members)
      if (evaluatedAtMs !== undefined) this.#freshness.set({ sandbox, segment }, Math.max(0, nowMs - evaluatedAtMs) / 1000)
    }
    for (const { destination, waiting } of gauges.backlog) this.#backlog.set({ sandbox, destination }, waiting)
    for (const { graph, count } of gauges.identities) this.#identities.set({ sandbox, graph }, count)
    for (const { name: resource, used, limit } of await measured.quotas()) this.#quota.set({ sandbox, resource }, Math.max(0, limit - used))
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] })
  }

  private gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: [this.#registry] })
  }

  private histogram<L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets, registers: [this.#registry] })
  }
}
