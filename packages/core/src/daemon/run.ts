// What a pass is asked, what it tells while it works, and what it gives.
import type { Destination, Source } from '../1-project/project.js'
import type { Applied, AppliedResource } from '../2-plan/applied.js'
import type { RecordBatch } from '../4-ingest/batch.js'
import type { ProfileChanges } from '../5-profiles/profile.js'
import type { MembershipChanges } from '../6-segments/membership.js'
import type { Receipts } from '../7-activation/delivery.js'
import type { ResourceKind } from '../kernel/address.js'
import type { Clock, Instant } from '../kernel/clock.js'
import type { Log } from '../kernel/log.js'
import type { DestinationCapabilities, OpenDestination, OpenSource } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'

export interface RunRequest {
  readonly applied: Applied
  readonly store: Store
  readonly openSource: (source: AppliedResource<Source>) => OpenSource
  readonly openDestination: (destination: AppliedResource<Destination>) => { readonly open: OpenDestination; readonly capabilities: DestinationCapabilities }
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly runId: string
  readonly fullRefresh?: boolean
  readonly dryRun?: boolean
  readonly retryNow?: boolean
  /** Held segments whose moves are meant. */
  readonly release?: readonly string[]
  readonly only?: { readonly kind: ResourceKind; readonly name: string }
  readonly onProgress?: (progress: RunProgress) => void
}

export interface RunProgress {
  readonly stage: '4-ingest' | '5-profiles' | '6-segments' | '7-activation'
  readonly text: string
  readonly done: number
  readonly total?: number
  readonly elapsedMs: number
}

export interface SourceFailure {
  readonly source: string
  readonly stream: string
  readonly code: string
  readonly message: string
  readonly help: string
}

export interface RunResult {
  readonly run: string
  readonly startedAt: Instant
  readonly elapsedMs: number
  /** How long each stage took. */
  readonly stageMs: Readonly<Record<RunProgress['stage'], number>>
  readonly batches: readonly RecordBatch[]
  readonly failures: readonly SourceFailure[]
  readonly profiles: ProfileChanges
  readonly segments: MembershipChanges
  readonly receipts: Receipts
  /** A source could not be read; what could be was. */
  readonly failed: boolean
  /** Records that wait for another try, or were given up in this run. */
  readonly undelivered: number
}
