// ★ A profile's state in a segment, and what changed in an evaluation. Rows are in the store (membership, membership_log).
import type { Instant } from '../kernel/clock.js'

export type Membership =
  | { readonly is: 'realized'; readonly lastQualificationTime: Instant }
  /** Kept for 30 days (guardrail/exit-retention), then purged. */
  | { readonly is: 'exited'; readonly lastQualificationTime: Instant; readonly exitedAt: Instant }

export interface SegmentResult {
  readonly segment: string
  readonly entered: number
  readonly left: number
  readonly members: number
  readonly evaluated: number
  /** Profiles on which the expression failed, by JSONata code: `{T2010: 3}`. They are not members. */
  readonly errors: Readonly<Record<string, number>>
  /** The expression ran away on several profiles and was stopped: members are as they were, and the next run tries again. */
  readonly stopped?: true
  /** Nothing of it is delivered. */
  readonly held?: HoldReason
}

/** Why a segment's moves are not delivered: more left than its safety limit allows, or other numbers than the plan showed. */
export type HoldReason =
  | { readonly is: 'shrinks'; readonly left: number; readonly members: number; readonly percent: number }
  | { readonly is: 'drifts'; readonly entered: number; readonly left: number; readonly promised: { readonly entered: number; readonly left: number }; readonly percent: number }


export interface MembershipChanges {
  readonly run: string
  readonly at: Instant
  /** Position of the last row of membership_log. */
  readonly lastSeq: number
  readonly segments: readonly SegmentResult[]
}
