// What a pass is asked, what it tells while it works, and what it gives.
import type { Destination, Source } from '../1-project/project.js'
import type { Applied, AppliedResource } from '../2-plan/applied.js'
import type { RecordBatch } from '../4-ingest/batch.js'
import type { ProfileChanges } from '../5-profiles/profile.js'
import type { MembershipChanges } from '../6-segments/membership.js'
import type { AudienceDrift, Receipts } from '../7-activation/delivery.js'
import type { ResourceKind } from '../kernel/address.js'
import type { Clock, Instant } from '../kernel/clock.js'
import type { Log } from '../kernel/log.js'
import type { DestinationCapabilities, OpenDestination, OpenSource } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import type { SandboxMemory } from './sandbox-memory.js'
import type { BreachRow } from './observe/read-breaches.js'

/** The connectors of an applied state, each opened when it is first needed and kept until the end. */
export interface OpenConnectors {
  readonly openSource: (source: AppliedResource<Source>) => OpenSource
  /** Whether the source's connector reads what changed as a stream does: its passes are no batches. */
  readonly isContinuous: (source: Source) => boolean
  readonly openDestination: (destination: AppliedResource<Destination>) => { readonly open: OpenDestination; readonly capabilities: DestinationCapabilities }
  /** Ends the requests that are on their way. */
  abort?(): void
  close(): Promise<void>
}

/** What somebody may ask of a pass. */
export interface RunOptions {
  readonly fullRefresh?: boolean
  readonly dryRun?: boolean
  readonly retryNow?: boolean
  /** Reads the audiences back, where destinations can, and mends what differs. */
  readonly reconcile?: boolean
  /** Held segments whose moves are meant. */
  readonly release?: readonly string[]
  readonly only?: { readonly kind: ResourceKind; readonly name: string }
  /** Read no source: what is there is unified and evaluated. */
  readonly pullsNothing?: boolean
  /** Only these segments and those linked to them; `touched`: what does not wait for its schedule, for whoever changed. */
  readonly segments?: readonly string[] | 'touched'
  /** Whose turn it is by the schedule, for the history. */
  readonly job?: string
}

export interface RunRequest extends Omit<OpenConnectors, 'close'>, RunOptions {
  readonly applied: Applied
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly runId: string
  /** What a daemon remembers of people's identities. */
  readonly memory?: SandboxMemory
  readonly onProgress?: (progress: RunProgress) => void
  /** Asked at each checkpoint of a source: when not, the rest is left to the next pass. */
  readonly mayGoOn?: () => boolean
  /** Who delivers instead: in the daemon each destination has a worker, and no two may send the same. */
  readonly deliver?: (options: { readonly dryRun: boolean; readonly retry: boolean; readonly only?: string }) => Promise<Receipts>
}

export interface RunProgress {
  readonly stage: '4-ingest' | '5-profiles' | '6-segments' | '7-activation'
  readonly text: string
  readonly done: number
  readonly total?: number
  /** Where some was done by earlier runs: how much was in `elapsedMs`. */
  readonly doneNow?: number
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
  /** Only when reconciled: what the audiences were found to be. */
  readonly drift?: readonly AudienceDrift[]
  readonly receipts: Receipts
  /** Guardrails that are breached now. */
  readonly breaches: readonly BreachRow[]
  /** A source could not be read; what could be was. */
  readonly failed: boolean
  /** Records that wait for another try, or were given up in this run. */
  readonly undelivered: number
}

/** Sources in the order of their names, for the precedence merge policy. */
export function sourceRanks(applied: Applied): readonly { readonly uid: number; readonly name: string }[] {
  return Object.values(applied.sources).map(({ uid, spec }) => ({ uid, name: spec.name }))
}
