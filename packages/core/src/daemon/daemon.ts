// The owner of a sandbox while it runs: events come in, profiles and memberships follow, workers deliver. It works from the applied
// state, and takes up a new one between two micro-batches.
import type { Applied, AppliedResource } from '../2-plan/applied.js'
import { readApplied } from '../2-plan/index.js'
import type { Source } from '../1-project/project.js'
import { type CollectedRecords, type CollectingStream, openCollecting } from '../4-ingest/index.js'
import type { Identity } from '../entities/identity-value.js'
import type { Clock } from '../kernel/clock.js'
import { closeAll } from '../kernel/close-all.js'
import { fail, isCdpError } from '../kernel/error.js'
import type { Log } from '../kernel/log.js'
import { inSpan } from '../kernel/trace.js'
import { eventsConnector } from '../plugins/builtin/events/index.js'
import type { Change } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { ActivationWorkers } from './activation-workers.js'
import { Collector, type CollectorLimits } from './collector.js'
import { type DaemonEvents, toldRun } from './daemon-events.js'
import { type DeletedProfile, deleteProfile } from './privacy/delete-profile.js'
import { runBatch } from './run-batch.js'
import type { OpenConnectors, RunOptions, RunRequest, RunResult } from './run.js'
import { runInSlices, sliceMs } from './run-in-slices.js'
import { type StreamRequest, type StreamResult, keepCollected, runStream } from './run-stream.js'
import { SandboxMemory } from './sandbox-memory.js'
import { Scheduler } from './schedule.js'
import { KeyWindow } from './taken-keys.js'

export interface DaemonRequest {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
  readonly openConnectors: (applied: Applied) => Promise<OpenConnectors>
  readonly events?: DaemonEvents
  readonly limits?: Partial<CollectorLimits>
}

/** A record for one stream of a source. */
export interface CollectedRecord {
  readonly stream: string
  readonly change: Change
}

/** The sources that take events: they are collected, not pulled. */
export function collectingSources({ sources }: Applied): readonly AppliedResource<Source>[] {
  return Object.values(sources).filter(({ spec }) => spec.connector === eventsConnector.name)
}

export class Daemon {
  #applied: Applied
  #connectors: OpenConnectors
  #streams: ReadonlyMap<number, ReadonlyMap<string, CollectingStream>> = new Map()
  readonly #window = new KeyWindow()
  readonly #memory = new SandboxMemory()
  readonly #collector: Collector
  readonly #workers: ActivationWorkers
  readonly #scheduler: Scheduler
  /** Runs and reloads, one after the other. */
  #queue: Promise<unknown> = Promise.resolve()
  readonly #session: string
  #isStopped = false
  /** What is asked from now on is refused. */
  #isDrained = false

  private constructor(private readonly request: DaemonRequest, { applied, connectors }: { readonly applied: Applied; readonly connectors: OpenConnectors }) {
    const { store, clock, log, random, events, limits } = request
    this.#applied = applied
    this.#connectors = connectors
    this.#session = request.newId()
    this.#collector = new Collector({ sandbox: applied.sandbox.name, work: (collected) => this.work(collected), ...(events?.onBatchTaken ? { onBatch: events.onBatchTaken } : {}), ...(limits ? { limits } : {}) })
    this.#scheduler = new Scheduler({ store, clock, log, run: (options) => runInSlices({ run: (slice) => this.run(slice), isStopped: () => this.#isStopped }, options) })
    this.#workers = new ActivationWorkers({ store, clock, log, random, ...(events?.onReceipts ? { onReceipts: events.onReceipts } : {}) })
  }

  static async start(request: DaemonRequest): Promise<Daemon> {
    const applied = await readApplied(request.store)
    const daemon = new Daemon(request, { applied, connectors: await request.openConnectors(applied) })
    try {
      await daemon.begin()
      return daemon
    } catch (error) {
      await closeAll([() => daemon.stop()])
      throw error
    }
  }

  private async begin(): Promise<void> {
    const { store } = this.request
    await this.openStreams()
    for (const streams of this.#streams.values()) await this.#window.load(store, [...streams.values()])
    if (this.#streams.size > 0) await this.#memory.identities.load(store)
    await this.#workers.use(this.#applied, this.#connectors)
    await this.#scheduler.use(this.#applied)
    this.settle()
    this.#scheduler.start()
  }

  /** New rules are evaluated for everybody, what was mapped otherwise is mapped again, and what was left half done is finished. */
  private settle(): void {
    if (this.#applied.serial === 0) return
    this.run({ pullsNothing: true }).catch((error: unknown) => { this.request.log.write('error', error instanceof Error ? error.message : String(error)) })
  }

  get applied(): Applied {
    return this.#applied
  }

  get waitingRecords(): number {
    return this.#collector.waitingRecords
  }

  /** How full the queue of collected records is, from 0 to 1. */
  get fill(): number {
    return this.#collector.fill
  }

  /**
   * Ends when the records are durable. Records of streams that the source has not are let go.
   * @throws collect/busy, collect/stopping: try again later.
   */
  async collect(source: number, records: readonly CollectedRecord[], bytes: number): Promise<void> {
    const streams = this.#streams.get(source) ?? new Map<string, CollectingStream>()
    const known = records.filter((each) => streams.has(each.stream))
    if (known.length === 0) return
    const collected = [...streams].flatMap(([name, stream]) => {
      const changes = known.filter((each) => each.stream === name).map((each) => each.change)
      return changes.length === 0 ? [] : [{ stream, changes }]
    })
    await this.#collector.offer({ records: collected, count: known.length, bytes })
  }

  /** One pass over everything, or what is named; the workers deliver. */
  run(options: RunOptions, onProgress?: RunRequest['onProgress'], runId = this.request.newId()): Promise<RunResult> {
    return this.afterOthers(async () => {
      const { store, clock, log, random, events } = this.request
      if (this.#applied.serial === 0) throw fail('apply/nothing-applied', { sandbox: this.#applied.sandbox.name })
      const { openSource, isContinuous, openDestination } = this.#connectors
      const request: RunRequest = {
        store, clock, log, random, memory: this.#memory, runId, applied: this.#applied, openSource, isContinuous, openDestination, ...options, ...(onProgress ? { onProgress } : {}),
        deliver: async (wanted) => ({ destinations: await this.#workers.pass(wanted), at: clock.now() }),
        mayGoOn: this.patienceFor(options),
      }
      try {
        return await toldRun(events, { run: request.runId, applied: request.applied, options, now: () => clock.now() }, () => runBatch(request))
      } catch (error) {
        this.#memory.forget()
        throw error
      }
    })
  }

  /** One person goes everywhere; undefined when nobody is known by the identity. */
  deleteProfile(identity: Identity, allowReturn: boolean): Promise<DeletedProfile | undefined> {
    const { store, clock, newId } = this.request
    return this.afterOthers(() => deleteProfile({
      store, clock, applied: this.#applied, identity, allowReturn, request: newId(), salt: newId(),
      deliver: () => this.#workers.pass({ dryRun: false, retry: false }), onForgotten: () => { this.#memory.forget() },
    }))
  }

  /** Takes up what was applied since; does nothing when nothing was. */
  reload(): Promise<void> {
    return this.afterOthers(async () => {
      const applied = await readApplied(this.request.store)
      if (applied.serial === this.#applied.serial) return
      const connectors = await this.request.openConnectors(applied)
      const former = this.#connectors
      this.#applied = applied
      this.#connectors = connectors
      await this.openStreams()
      await this.#workers.use(applied, connectors)
      await this.#scheduler.use(applied)
      await former.close()
      this.request.log.write('info', `Works from state #${String(applied.serial)} now.`)
      this.settle()
    })
  }

  isContinuous(source: Source): boolean {
    return this.#connectors.isContinuous(source)
  }

  /** What connectors wait for is not waited for any longer: it fails, and is taken up again later. */
  abort(): void {
    this.#connectors.abort?.()
  }

  /** Everything that was taken in is made durable; requests that are on their way are waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#scheduler.stop()
    await this.#collector.stop()
    await this.drain()
    await this.#workers.stop()
    await this.#connectors.close()
    await this.request.store.checkpoint()
  }

  /** What is on its way may ask for more: taking up a state does. */
  private async drain(): Promise<void> {
    for (let last: unknown; last !== this.#queue;) {
      last = this.#queue
      await last
    }
    this.#isDrained = true
  }

  private afterOthers<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isDrained) return Promise.reject(fail('daemon/stopping', {}))
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => undefined)
    return result
  }

  /** A scheduled pass leaves a long read at a checkpoint after a while, any pass when the daemon stops. */
  private patienceFor({ job }: RunOptions): () => boolean {
    const { clock } = this.request
    const startedMs = clock.ticksMs()
    return () => !this.#isStopped && (job === undefined || clock.ticksMs() - startedMs < sliceMs)
  }

  private async openStreams(): Promise<void> {
    const { store, clock } = this.request
    const { sources, entities, sandbox, guardrails } = this.#applied
    const streams = new Map<number, ReadonlyMap<string, CollectingStream>>()
    for (const source of collectingSources(this.#applied)) {
      const open = await openCollecting({ source, sources: Object.values(sources), entities, vars: sandbox.vars, limits: guardrails.limits, store, clock })
      streams.set(source.uid, new Map(open.map((each) => [each.stream, each])))
    }
    this.#streams = streams
  }

  private async work(collected: readonly CollectedRecords[]): Promise<void> {
    const result = await inSpan('cdp.micro-batch', { sandbox: this.#applied.sandbox.name }, () => this.tryWork(byStream(collected)))
    this.request.events?.onStream?.(result)
    if (result.followed?.segments.segments.some((each) => each.entered + each.left > 0) === true) this.#workers.wake()
  }

  private async tryWork(collected: readonly CollectedRecords[]): Promise<StreamResult> {
    const { store, clock, log } = this.request
    const request = (taken: StreamRequest['taken']): StreamRequest => ({ store, applied: this.#applied, collected, taken, memory: this.#memory, clock, log, run: this.#session })
    try {
      return await this.taking((taken) => runStream(request(taken)))
    } catch (error) {
      this.#memory.forget()
      log.write('error', `Events are kept, but profiles or segments could not follow: ${error instanceof Error ? error.message : String(error)}`, isCdpError(error) ? { code: error.code } : {})
      return this.taking((taken) => keepCollected(request(taken)))
    }
  }

  /** What was noted as taken is forgotten when the work fails. */
  private async taking<T>(work: (taken: StreamRequest['taken']) => Promise<T>): Promise<T> {
    const taken = this.#window.begin()
    try {
      return await work(taken)
    } catch (error) {
      taken.undo()
      throw error
    }
  }
}

/** Records of one stream together, in the order in which they came. */
function byStream(collected: readonly CollectedRecords[]): readonly CollectedRecords[] {
  const streams = [...new Set(collected.map((each) => each.stream))]
  return streams.map((stream) => ({ stream, changes: collected.filter((each) => each.stream === stream).flatMap((each) => each.changes) }))
}
