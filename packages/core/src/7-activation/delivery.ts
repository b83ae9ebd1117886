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

export type ReceiptStatus = 'ok' | 'noop' | 'retry' | 'rejected' | 'unmatched'

export interface DeliveryCounts {
  readonly added: number
  readonly removed: number
  readonly retried: number
  readonly dead: number
  /** Refused by the destination, or not known to it; whoever answers so works. Of the dead, the others were tried for too long. */
  readonly rejected: number
  readonly deliveries: number
}

export interface DestinationReceipts extends DeliveryCounts {
  readonly destination: string
  readonly segment: string
  readonly waiting: number
  /** Members who are kept out because they do not consent. */
  readonly withheld: number
  /** Members whom the destination does not know. */
  readonly unmatched: number
  /** Nothing was sent, because the segment's moves surprise (6-segments/holds.ts). */
  readonly held?: true
}

export interface Receipts {
  readonly at: Instant
  readonly destinations: readonly DestinationReceipts[]
}

/**
 * Of a change that is not delivered yet: `retry` was tried and is tried again, `dead` was refused or tried for too long, `held` waits
 * for the segment's hold, `unmatched` is not known to the destination, `skipped` was given up by somebody.
 */
export const deliveryStatuses = ['waiting', 'retry', 'sending', 'dead', 'unmatched', 'held', 'skipped'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** A change of one profile that is not at its destination yet. */
export interface OpenDelivery {
  /** The same for as long as it is open. */
  readonly id: string
  readonly destination: string
  readonly segment: string
  readonly profile: number
  /** `namespace:value` of the profile; null when it is gone. */
  readonly identity: string | null
  readonly change: 'add' | 'remove'
  readonly status: DeliveryStatus
  /** Tries so far. */
  readonly attempt: number
  readonly since: Instant
  readonly dueAt: Instant | null
  /** Why the last try failed. */
  readonly code: string | null
  readonly message: string | null
}

export interface OpenDeliveryCount extends Pick<OpenDelivery, 'destination' | 'segment' | 'status' | 'code'> {
  readonly count: number
  readonly oldest: Instant
  readonly nextDue: Instant | null
}

export interface OpenDeliveries {
  /** Of all that meet the filter, whatever part of them is shown. */
  readonly total: number
  readonly counts: readonly OpenDeliveryCount[]
  readonly deliveries: readonly OpenDelivery[]
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
