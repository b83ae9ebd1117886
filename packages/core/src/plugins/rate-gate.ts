// Declared limits as a gate: a request goes through when every window, the concurrency limit and the day's quota allow it.
// Connectors of one account share its counters, and each keeps to its own numbers.
import type { Clock } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'
import { dayIn, nextDay } from './days.js'
import type { QuotaLedger } from './quota-ledger.js'
import type { Limit } from './sdk.js'
import { windowMs } from './window-ms.js'

export type Sleep = (ms: number) => Promise<void>

/** What was sent lately, and what is on its way. */
export class Counters {
  /** When requests were sent, oldest first. */
  readonly sent: number[] = []
  /** The longest window that anybody counts in. */
  longestMs = 0
  running = 0
  readonly #waiting: (() => void)[] = []

  constructor(readonly name: string) {}

  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  leave(): void {
    this.running--
    // Those who wait may have different limits: all of them look again, in their order.
    for (const each of this.#waiting.splice(0)) each()
  }
}

export interface GateParts {
  readonly clock: Clock
  readonly sleep: Sleep
  readonly account: Counters
  readonly connection: Counters
  readonly ledger: QuotaLedger
}

interface Window {
  readonly requests: number
  readonly ms: number
  readonly counters: Counters
}

interface Quota {
  readonly requests: number
  readonly timeZone: string
  readonly account: string
}

export class RateGate {
  readonly #windows: readonly Window[]
  readonly #quotas: readonly Quota[]
  readonly #slots: readonly { readonly most: number; readonly counters: Counters }[]
  /** The last day whose quota was found spent. */
  #spentDay = ''

  constructor(limits: readonly Limit[], private readonly parts: GateParts) {
    const of = (scope: 'account' | 'connection' | undefined): Counters => (scope === 'connection' ? parts.connection : parts.account)
    this.#windows = limits.flatMap((each) => ('requests' in each && each.per !== '1d' ? [{ requests: each.requests, ms: windowMs[each.per], counters: of(each.scope) }] : []))
    this.#quotas = limits.flatMap((each) => ('requests' in each && each.per === '1d' ? [{ requests: each.requests, timeZone: each.timeZone ?? 'UTC', account: of(each.scope).name }] : []))
    this.#slots = limits.flatMap((each) => ('concurrency' in each ? [{ most: each.concurrency, counters: of(each.scope) }] : []))
    for (const { ms, counters } of this.#windows) counters.longestMs = Math.max(counters.longestMs, ms)
  }

  /** @throws http/quota-spent when the day's calls are used up. */
  async through<T>(work: () => Promise<T>, { uncounted = false } = {}): Promise<T> {
    if (!uncounted) for (const quota of this.#quotas) await this.take(quota)
    const { account, connection } = this.parts
    await this.enter()
    try {
      for (let waitMs = this.waitMs(); waitMs > 0; waitMs = this.waitMs()) await this.parts.sleep(waitMs)
      const now = this.parts.clock.ticksMs()
      for (const counters of new Set([account, connection])) counters.sent.push(now)
      return await work()
    } finally {
      for (const counters of new Set([account, connection])) counters.leave()
    }
  }

  private async enter(): Promise<void> {
    for (let full = this.findFull(); full; full = this.findFull()) await full.wait()
    for (const counters of new Set([this.parts.account, this.parts.connection])) counters.running++
  }

  private findFull(): Counters | undefined {
    return this.#slots.find(({ most, counters }) => counters.running >= most)?.counters
  }

  private async take({ requests, timeZone, account }: Quota): Promise<void> {
    const nowMs = this.parts.clock.nowMs()
    const day = dayIn(timeZone, nowMs)
    if (day !== this.#spentDay && (await this.parts.ledger.take(account, day, requests))) return
    this.#spentDay = day
    const until = nextDay(timeZone, nowMs)
    throw fail('http/quota-spent', { account, limit: requests, until, retryAfterMs: Date.parse(until) - nowMs })
  }

  /** Until the oldest request that fills a window leaves it. */
  private waitMs(): number {
    const now = this.parts.clock.ticksMs()
    const waits = this.#windows.map(({ requests, ms, counters: { sent, longestMs } }) => {
      while (sent.length > 0 && (sent[0] ?? 0) <= now - longestMs) sent.shift()
      // In a window of `ms`, the request that is `requests` places back must have left.
      const before = sent[sent.length - requests]
      return before === undefined ? 0 : before + ms - now
    })
    return Math.max(0, ...waits)
  }
}
