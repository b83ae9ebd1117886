// How a guardrail of run time is observed that no single record shows: the shape of an observation, and what it looks at.
import type { RunTimeGuardrail } from '../../1-project/project.js'
import type { Applied } from '../../2-plan/applied.js'
import type { RecordBatch } from '../../4-ingest/batch.js'
import type { ProfileChanges } from '../../5-profiles/profile.js'
import type { Instant } from '../../kernel/clock.js'
import type { Connection } from '../../stores/store.js'

/** How much there is beyond the limit, the worst of it, and an example of it for people. */
export interface Observed {
  /** 0 when the guardrail is kept. */
  readonly count: number
  readonly worst: number
  readonly sample: string
}

export const kept: Observed = { count: 0, worst: 0, sample: '' }

export interface ObservationContext {
  readonly tx: Connection
  readonly applied: Applied
  /** What the pass did that was just made. */
  readonly batches: readonly RecordBatch[]
  readonly profiles: ProfileChanges
  readonly startedAt: Instant
  readonly at: Instant
  readonly nowMs: number
}

export interface Observation {
  readonly id: RunTimeGuardrail
  /**
   * `state`: looked at after each pass. `thorough`: so, too, but it reads everything, so once a day or after much has come.
   * `moment`: something that a pass did; it is told for a day.
   */
  readonly kind: 'state' | 'thorough' | 'moment'
  /** Whether the pass brought anything that could change it; asked of states, which are looked at after each pass without it. */
  readonly changedBy?: (context: ObservationContext) => boolean
  readonly find: (context: ObservationContext, limit: number) => Promise<Observed>
}

export const dayMs = 24 * 60 * 60 * 1000
