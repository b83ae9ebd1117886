// Keeps a destination that does not work from being asked again and again: after so many failed requests in a row its circuit opens and
// nothing is sent for a while; then one request is let through, and what becomes of it closes the circuit or keeps it open for longer.
import type { Applied } from '../2-plan/applied.js'
import type { DeliveryCounts } from '../7-activation/delivery.js'
import { type Clock, type Instant, instantFromMs } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Store } from '../stores/store.js'
import { circuitTable } from '../stores/tables.js'

/** Of a destination that is left alone. */
export interface OpenCircuit {
  readonly openedAt: Instant
  /** When one request is let through. */
  readonly probeAt: Instant
  /** Failed requests in a row. */
  readonly failures: number
}

export interface BreakerRequest {
  readonly clock: Clock
  readonly random: () => number
  /** As it was left by an earlier process. */
  readonly open?: OpenCircuit | undefined
}

export const failuresToOpen = 5
const firstPauseMs = 5000
const longestPauseMs = 300_000

export class CircuitBreaker {
  #failures: number
  #open: OpenCircuit | undefined
  #pauseMs = 0

  constructor(private readonly request: BreakerRequest) {
    this.#open = request.open
    this.#failures = request.open?.failures ?? 0
  }

  get open(): OpenCircuit | undefined {
    return this.#open
  }

  /** The pause is over: the next request is the one that tells. */
  get isProbing(): boolean {
    return this.#open !== undefined && this.pausedMs() === 0
  }

  /** A wall clock that was set back does not make it longer than the longest pause. */
  pausedMs(): number {
    if (!this.#open) return 0
    return Math.min(Math.max(0, Date.parse(this.#open.probeAt) - this.request.clock.nowMs()), longestPauseMs * 1.1)
  }

  /** What a pass came to. A record that was refused was answered: the destination works. True when the circuit opened, closed or stays open for longer. */
  note(receipts: readonly DeliveryCounts[]): boolean {
    if (receipts.some((each) => each.added + each.removed + each.rejected > 0)) return this.close()
    const failed = receipts.filter((each) => each.retried + each.dead > 0)
    if (failed.length === 0) return false
    // Without a request it failed before one could be made: the next would, too.
    return this.fail(failed.some((each) => each.deliveries === 0) ? failuresToOpen : failed.reduce((sum, each) => sum + each.deliveries, 0))
  }

  fail(requests: number): boolean {
    this.#failures += requests
    if (!this.#open && this.#failures < failuresToOpen) return false
    const { clock, random } = this.request
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, firstPauseMs), longestPauseMs)
    this.#open = { openedAt: this.#open?.openedAt ?? clock.now(), probeAt: instantFromMs(Math.round(clock.nowMs() + this.#pauseMs * (0.9 + random() / 5))), failures: this.#failures }
    return true
  }

  private close(): boolean {
    const wasOpen = this.#open !== undefined
    this.#failures = 0
    this.#pauseMs = 0
    this.#open = undefined
    return wasOpen
  }
}

/** By destination uid. */
export async function readCircuits(store: Connection): Promise<ReadonlyMap<number, OpenCircuit>> {
  const rows = await store.rows<{ destination: number; opened_at: Instant; probe_at: Instant; failures: number }>(sqlText`select destination, opened_at, probe_at, failures from circuit`)
  return new Map(rows.map((each) => [each.destination, { openedAt: each.opened_at, probeAt: each.probe_at, failures: each.failures }]))
}

export async function writeCircuit(store: Store, destination: number, open: OpenCircuit | undefined): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.run(sqlText`delete from circuit where destination = ${param(destination)}`)
    if (open) await tx.append(circuitTable, [[destination, open.openedAt, open.probeAt, open.failures]])
  })
}

export interface CircuitLine extends OpenCircuit {
  readonly destination: string
}

/** Of the destinations that there are now. */
export async function readCircuitLines(store: Connection, applied: Applied): Promise<readonly CircuitLine[]> {
  const open = await readCircuits(store)
  return Object.values(applied.destinations).flatMap(({ uid, spec }) => {
    const circuit = open.get(uid)
    return circuit ? [{ destination: spec.name, ...circuit }] : []
  })
}
