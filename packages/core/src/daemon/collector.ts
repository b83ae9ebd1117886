// What senders bring waits here for its micro-batch, and the senders with it: each is answered when its records are durable. A batch
// goes when it is full or after a moment; batches grow while the queue does. When the queue is full senders are asked to come later.
import type { CollectedRecords } from '../4-ingest/index.js'
import { fail } from '../kernel/error.js'

export interface Offer {
  readonly records: readonly CollectedRecords[]
  readonly count: number
  readonly bytes: number
}

export interface CollectorOptions {
  /** Takes a batch to where it is durable; a failure is the failure of every sender in it. */
  readonly work: (records: readonly CollectedRecords[]) => Promise<void>
  /** Whose events they are, for messages. */
  readonly sandbox?: string
  readonly onBatch?: (batch: { readonly records: number; readonly waiting: number }) => void
  readonly limits?: Partial<CollectorLimits>
}

export interface CollectorLimits {
  readonly flushAtRecords: number
  readonly flushAfterMs: number
  readonly mostRecordsPerBatch: number
  readonly mostWaitingRecords: number
  readonly mostWaitingBytes: number
}

const defaults: CollectorLimits = { flushAtRecords: 1000, flushAfterMs: 50, mostRecordsPerBatch: 10_000, mostWaitingRecords: 50_000, mostWaitingBytes: 128_000_000 }

interface Waiting extends Offer {
  resolve(): void
  reject(error: unknown): void
}

export class Collector {
  readonly #limits: CollectorLimits
  readonly #waiting: Waiting[] = []
  #records = 0
  #bytes = 0
  #batchSize: number
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> | undefined
  #isStopped = false

  constructor(private readonly options: CollectorOptions) {
    this.#limits = { ...defaults, ...options.limits }
    this.#batchSize = this.#limits.flushAtRecords
  }

  get waitingRecords(): number {
    return this.#records
  }

  /** How full the queue is, from 0 to 1. */
  get fill(): number {
    return Math.max(this.#records / this.#limits.mostWaitingRecords, this.#bytes / this.#limits.mostWaitingBytes)
  }

  /**
   * Ends when the records are durable.
   * @throws collect/busy when too much waits; collect/stopping when the daemon stops; what the work throws when it fails.
   */
  async offer(offer: Offer): Promise<void> {
    if (this.#isStopped) throw fail('collect/stopping', { sandbox: this.options.sandbox ?? '' })
    if (this.#waiting.length > 0 && (this.#records + offer.count > this.#limits.mostWaitingRecords || this.#bytes + offer.bytes > this.#limits.mostWaitingBytes)) {
      throw fail('collect/busy', { waiting: this.#records })
    }
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ ...offer, resolve, reject })
      this.#records += offer.count
      this.#bytes += offer.bytes
      this.wake()
    })
  }

  /** Takes in nothing more, and ends when everything that waits is durable. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.flush()
    while (this.#working) await this.#working
  }

  private wake(): void {
    if (this.#working) return
    if (this.#records >= this.#limits.flushAtRecords) this.flush()
    else this.#timer ??= setTimeout(() => { this.flush() }, this.#limits.flushAfterMs)
  }

  private flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#working || this.#waiting.length === 0) return
    this.#working = this.workOff().finally(() => {
      this.#working = undefined
      if (this.#waiting.length > 0) this.wake()
    })
  }

  // What came while a batch was on its way has waited long enough: it goes at once.
  private async workOff(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.take()
      try {
        await this.options.work(batch.flatMap((each) => each.records))
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
    }
  }

  /** Whole offers, up to the size of a batch. */
  private take(): readonly Waiting[] {
    let count = 0
    let offers = 0
    for (const each of this.#waiting) {
      if (offers > 0 && count + each.count > this.#batchSize) break
      count += each.count
      offers++
    }
    const batch = this.#waiting.splice(0, offers)
    this.#records -= count
    this.#bytes -= batch.reduce((sum, each) => sum + each.bytes, 0)
    if (this.#records > this.#batchSize) this.#batchSize = Math.min(this.#batchSize * 2, this.#limits.mostRecordsPerBatch)
    else if (this.#records === 0) this.#batchSize = Math.max(this.#batchSize / 2, this.#limits.flushAtRecords)
    this.options.onBatch?.({ records: count, waiting: this.#records })
    return batch
  }
}
