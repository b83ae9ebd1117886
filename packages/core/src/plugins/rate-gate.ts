// Declared limits as a gate: a request goes through when every window and the concurrency limit allow it, else it waits.
import type { Clock } from '../kernel/clock.js'
import type { Limit } from './sdk.js'

const windowMs = { '1s': 1000, '20s': 20_000, '1m': 60_000, '1d': 86_400_000 } as const

export type Sleep = (ms: number) => Promise<void>

export class RateGate {
  readonly #windows: readonly { readonly requests: number; readonly ms: number; readonly sent: number[] }[]
  readonly #concurrency: number
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor(limits: readonly Limit[], private readonly clock: Clock, private readonly sleep: Sleep) {
    this.#windows = limits.flatMap((each) => ('requests' in each ? [{ requests: each.requests, ms: windowMs[each.per], sent: [] }] : []))
    this.#concurrency = Math.min(...limits.flatMap((each) => ('concurrency' in each ? [each.concurrency] : [])), Number.POSITIVE_INFINITY)
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    await this.enter()
    try {
      for (let waitMs = this.waitMs(); waitMs > 0; waitMs = this.waitMs()) await this.sleep(waitMs)
      const now = this.clock.ticksMs()
      for (const window of this.#windows) window.sent.push(now)
      return await work()
    } finally {
      this.#running--
      this.#queue.shift()?.()
    }
  }

  private async enter(): Promise<void> {
    while (this.#running >= this.#concurrency) await new Promise<void>((resolve) => this.#queue.push(resolve))
    this.#running++
  }

  /** Until the oldest request that fills a window leaves it. */
  private waitMs(): number {
    const now = this.clock.ticksMs()
    const waits = this.#windows.map(({ requests, ms, sent }) => {
      while (sent.length > 0 && (sent[0] ?? 0) <= now - ms) sent.shift()
      return sent.length < requests ? 0 : (sent[sent.length - requests] ?? now) + ms - now
    })
    return Math.max(0, ...waits)
  }
}
