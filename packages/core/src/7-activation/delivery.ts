// ★ What left the house: deliveries and the receipt of every record in them.
import type { Instant } from '../kernel/clock.js'

export type DeliveryOperation = 'upsert' | 'remove'

/** One request to one destination. Written to the store before it is sent, so that a repeat after a crash is the same request. */
export interface Delivery {
  /** Also the idempotency key. */
  readonly id: string
  readonly destination: string
  readonly segment: string
  readonly operation: DeliveryOperation
  readonly at: Instant
  readonly records: number
}

export type ReceiptStatus = 'ok' | 'noop' | 'retry' | 'rejected'

export interface DestinationReceipts {
  readonly destination: string
  readonly segment: string
  readonly added: number
  readonly removed: number
  readonly retried: number
  readonly dead: number
  readonly waiting: number
  readonly deliveries: number
  /** Members who are kept out because they do not consent. */
  readonly withheld: number
  /** Nothing was sent, because the segment's moves surprise (6-segments/holds.ts). */
  readonly held?: true
}

export interface Receipts {
  readonly at: Instant
  readonly destinations: readonly DestinationReceipts[]
}

/** What is in a remote audience against what we put there. */
export interface AudienceDrift {
  readonly destination: string
  readonly segment: string
  /** The audience was made by us. */
  readonly created: boolean
  readonly there: number
  /** Put there by us and gone. */
  readonly missing: number
  /** There, not put there by us, and not wanted there. */
  readonly foreign: number
  readonly sampleForeign: readonly string[]
  /** Only after reconciling: of the foreign, those who were taken out. */
  readonly removed?: number
}
