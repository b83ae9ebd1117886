// ★ A plan: every change that apply would make, and who would enter and leave each segment. Apply decides nothing else.
import type { GuardrailSettings, Headroom, Lane } from '../1-project/project.js'
import type { Address } from '../kernel/address.js'
import type { Instant } from '../kernel/clock.js'
import type { BlockCode } from '../kernel/codes/block.js'
import type { Diagnostic } from '../kernel/diagnostic.js'
import type { Json } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import type { AppliedContent } from './applied.js'

export const planFormat = 1

export interface Plan {
  readonly formatVersion: typeof planFormat
  readonly project: string
  readonly sandbox: string
  /** The state that the plan was made for; another apply in between makes it stale. */
  readonly baseSerial: number
  readonly createdAt: Instant
  readonly changes: readonly Change[]
  /** What each destination would be sent, over all changes. */
  readonly deliveries: readonly DeliveryImpact[]
  readonly headroom: readonly Headroom[]
  readonly counts: PlanCounts
  /** What stops this plan; apply refuses while there is any. */
  readonly blocks: readonly Block[]
  /** Which limits hold, and every one that was changed, with the reason: shown each time. */
  readonly guardrails: Pick<GuardrailSettings, 'profile' | 'overrides'>
  /** What the files were warned of when the plan was made; each with its text, so that every version of the program can tell it. */
  readonly warnings: readonly Diagnostic[]
  /** When the data that the impact was computed from was last read; absent before the first run. */
  readonly dataAsOf?: Instant
  /** Exactly what apply writes. */
  readonly next: AppliedContent
}

export type Action = 'create' | 'update' | 'rename' | 'delete'

/** What a change makes the next run do. */
export type ChangeClass = 'metadata' | 're-evaluate' | 're-stitch' | 'backfill' | 'deliver' | 'destructive'

export interface Change {
  readonly address: Address | `Sandbox/${string}`
  readonly action: Action
  readonly classes: readonly ChangeClass[]
  /** Only when renamed. */
  readonly from?: Address
  readonly fields: readonly FieldChange[]
  readonly at?: Span
  /** When nobody edited this resource: what changed it, or may change it. */
  readonly cause?: string
  /** When a segment would be evaluated in another lane. */
  readonly lane?: { readonly before: Lane; readonly after: Lane; readonly reason: string }
  readonly impact?: SegmentImpact
  readonly notes: readonly string[]
}

export interface FieldChange {
  /** Dotted path in the resource: `config.url`, `streams[accounts].map.name`. */
  readonly field: string
  readonly before?: Json
  readonly after?: Json
}

export interface SegmentImpact {
  readonly before: number
  readonly after: number
  readonly enter: number
  readonly exit: number
  readonly basis: ImpactBasis
  /** Some of those who would enter or leave, for reading: e-mail or source key. */
  readonly sampleEnter: readonly string[]
  readonly sampleExit: readonly string[]
  readonly errors: Readonly<Record<string, number>>
  readonly deliveries: readonly DeliveryImpact[]
}

/** Whether everybody was looked at. Numbers from a sample are estimates; the true ones lie between, 19 times of 20. */
export type ImpactBasis =
  | { readonly is: 'exact' }
  | { readonly is: 'sample'; readonly profiles: number; readonly of: number; readonly enterBetween: Interval; readonly exitBetween: Interval }

export type Interval = readonly [from: number, to: number]

export interface DeliveryImpact {
  readonly destination: string
  readonly adds: number
  readonly removes: number
  /** People who would be sent if they consented. */
  readonly withheld?: number
  /** Of the additions, people whom the destination cannot find: they have no identity that it knows people by. */
  readonly unmatched?: number
  /** Whom of the additions the destination knows already; only where it was asked. */
  readonly match?: MatchRate
  /** Absent when the connector is not at hand. */
  readonly pace?: DeliveryPace
}

/** What a destination said of some of the people whom it would be sent. It knows `one` of them each, `several` more than once. */
export interface MatchRate {
  readonly asked: number
  readonly one: number
  readonly none: number
  readonly several: number
  /** Of all additions, those that would be found. */
  readonly found: number
  /** Not everybody was asked. */
  readonly isEstimate: boolean
}

/** What sending takes at the limits that the connector declares. */
export interface DeliveryPace {
  readonly requests: number
  readonly seconds: number
}

export interface PlanCounts {
  readonly create: number
  readonly update: number
  readonly rename: number
  readonly delete: number
}

export interface Block {
  readonly code: BlockCode
  readonly address: Address | `Sandbox/${string}`
  readonly detail: string
  readonly help: string
}
