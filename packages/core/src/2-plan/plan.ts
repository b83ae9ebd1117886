// ★ A plan: every change that apply would make, and who would enter and leave each segment. Apply decides nothing else.
import type { GuardrailSettings } from '../1-project/project.js'
import type { Address } from '../kernel/address.js'
import type { Instant } from '../kernel/clock.js'
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
  readonly counts: PlanCounts
  /** What stops this plan; apply refuses while there is any. */
  readonly blocks: readonly Block[]
  /** Which limits hold, and every one that was changed, with the reason: shown each time. */
  readonly guardrails: Pick<GuardrailSettings, 'profile' | 'overrides'>
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
  /** When nobody edited this resource: what changed it. */
  readonly cause?: string
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
  /** Some of those who would enter or leave, for reading: e-mail or source key. */
  readonly sampleEnter: readonly string[]
  readonly sampleExit: readonly string[]
  readonly errors: Readonly<Record<string, number>>
  readonly deliveries: readonly { readonly destination: string; readonly adds: number; readonly removes: number }[]
}

export interface PlanCounts {
  readonly create: number
  readonly update: number
  readonly rename: number
  readonly delete: number
}

export interface Block {
  readonly code: 'apply/protected' | 'plan/shrinks-too-much'
  readonly address: Address | `Sandbox/${string}`
  readonly detail: string
  readonly help: string
}
