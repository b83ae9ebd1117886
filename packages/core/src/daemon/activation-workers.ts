// A worker for each destination: it delivers whenever memberships move, and looks by itself for what is due again. Workers do not
// wait for each other; the passes of one destination come one after the other, whoever asks for them.
import type { Applied } from '../2-plan/applied.js'
import { activate } from '../7-activation/index.js'
import type { DestinationReceipts } from '../7-activation/delivery.js'
import type { Clock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import type { Log } from '../kernel/log.js'
import { inSpan } from '../kernel/trace.js'
import type { Store } from '../stores/store.js'
import { CircuitBreaker, failuresToOpen, readCircuits, writeCircuit } from './circuit-breaker.js'
import type { OpenConnectors } from './run.js'

export interface WorkersRequest {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly onReceipts?: (receipts: readonly DestinationReceipts[], elapsedMs: number) => void
  /** How often a worker looks by itself; retries that are due wait no longer than this. */
  readonly lookEveryMs?: number
}

export interface PassOptions {
  readonly dryRun?: boolean
  readonly retry?: boolean
  /** Only what has moved or is due. */
  readonly isQuick?: boolean
}

const usualLookMs = 1000
/** Passes and micro-batches take turns at the store: a worker rests as long as its pass took. */
const leastRestMs = 100
const longestRestMs = 300

export class ActivationWorkers {
  #workers: readonly DestinationWorker[] = []

  constructor(private readonly request: WorkersRequest) {}

  /** From now on for this applied state; passes that are on their way end first. */
  async use(applied: Applied, connectors: OpenConnectors): Promise<void> {
    await this.stop()
    const open = await readCircuits(this.request.store)
    const { clock, random } = this.request
    this.#workers = Object.values(applied.destinations).map(({ uid, spec: { name } }) => new DestinationWorker(this.request, { applied, connectors, name, uid, breaker: new CircuitBreaker({ clock, random, open: open.get(uid) }) }))
    for (const each of this.#workers) each.start()
  }

  /** Memberships moved. */
  wake(): void {
    for (const each of this.#workers) each.wake()
  }

  /** A pass of each destination now, or of the one that is named. */
  async pass(options: PassOptions & { readonly only?: string }): Promise<readonly DestinationReceipts[]> {
    const wanted = this.#workers.filter((each) => options.only === undefined || each.name === options.only)
    return (await Promise.all(wanted.map((each) => each.pass(options)))).flat()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((each) => each.stop()))
  }
}

interface WorkerParts {
  readonly applied: Applied
  readonly connectors: OpenConnectors
  readonly name: string
  readonly uid: number
  readonly breaker: CircuitBreaker
}

class DestinationWorker {
  readonly name: string
  #queue: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #isAsked = false
  /** A pass is on its way, or the rest after it. */
  #isBusy = false
  #isStopped = false

  constructor(private readonly request: WorkersRequest, private readonly parts: WorkerParts) {
    this.name = parts.name
  }

  start(): void {
    this.wake()
  }

  wake(): void {
    this.#isAsked = true
    void this.work()
  }

  /** Somebody who asks for a pass is not kept waiting by an open circuit; the worker itself lets one request through when it is time. */
  pass(options: PassOptions): Promise<readonly DestinationReceipts[]> {
    const { store, clock, log, random, onReceipts } = this.request
    const { applied, connectors, name, breaker } = this.parts
    const result = this.#queue.then(async () => {
      const startedMs = clock.ticksMs()
      const { destinations } = await inSpan('cdp.deliver', { sandbox: applied.sandbox.name, destination: name }, () => activate({ store, applied, clock, log, random, connectors: connectors.openDestination, only: name, ...options, ...(breaker.isProbing ? { failuresToStop: 1 } : {}) }))
      onReceipts?.(destinations, clock.ticksMs() - startedMs)
      if (options.dryRun !== true && breaker.note(destinations)) await this.tellCircuit()
      return destinations
    })
    this.#queue = result.catch(() => undefined)
    return result
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#queue
  }

  private async work(): Promise<void> {
    if (this.#isBusy || this.#isStopped) return
    clearTimeout(this.#timer)
    const pausedMs = this.parts.breaker.pausedMs()
    const { clock, lookEveryMs = usualLookMs } = this.request
    if (!this.#isAsked || pausedMs > 0) {
      this.#timer = setTimeout(() => { this.wake() }, Math.max(lookEveryMs, pausedMs))
      return
    }
    this.#isBusy = true
    this.#isAsked = false
    const started = clock.ticksMs()
    await this.tryPass()
    this.rest(Math.min(Math.max(clock.ticksMs() - started, Math.min(leastRestMs, lookEveryMs)), longestRestMs))
  }

  private rest(forMs: number): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.#isBusy = false
      void this.work()
    }, forMs)
  }

  private async tryPass(): Promise<void> {
    try {
      await this.pass({ isQuick: true })
    } catch (error) {
      this.request.log.write('error', error instanceof Error ? error.message : String(error), { destination: this.name, ...(isCdpError(error) ? { code: error.code } : {}) })
      this.parts.breaker.fail(failuresToOpen)
      await this.tellCircuit()
    }
  }

  /** Written down for `cdp status`; where that fails, deliveries go on all the same. */
  private async tellCircuit(): Promise<void> {
    const { open } = this.parts.breaker
    const { log, store } = this.request
    if (open) log.write('warn', `Destination ${this.name} keeps failing: it is left alone until ${open.probeAt}.`, { failures: open.failures })
    else log.write('info', `Destination ${this.name} works again.`)
    await writeCircuit(store, this.parts.uid, open).catch((error: unknown) => { log.write('error', error instanceof Error ? error.message : String(error), { destination: this.name }) })
  }
}
