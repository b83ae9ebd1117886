// What a daemon knows that its store does not: it is asked by commands, and shown by `cdp status`.
import type { Instant } from '../kernel/clock.js'
import type { Latency } from './observe/read-latencies.js'

/** Why the sandbox is not as the files say. */
export interface Refusal {
  readonly code: string
  readonly reason: string
  /** What the plan would do, when there was one. */
  readonly plan?: string
  readonly at: Instant
}

export interface FollowStatus {
  /** Of the files that were taken up or refused last: `commit:…` or `files:…`. */
  readonly version: string
  readonly at: Instant
  readonly refused?: Refusal
}

export interface ServingStatus {
  readonly latencies: readonly Latency[]
  /** Only when the daemon follows the files. */
  readonly files?: FollowStatus
}
