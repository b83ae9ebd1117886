// One micro-batch: stages 4 to 6 for what was collected, in one transaction, so that whoever sent it is told of success only
// when events, profiles, memberships and their log are durable. Stage 7 reads the log by itself (activation-workers.ts).
import type { Applied } from '../2-plan/applied.js'
import type { RecordBatch } from '../4-ingest/batch.js'
import { type CollectedRecords, type TakenKeys, ingestCollected } from '../4-ingest/index.js'
import { updateProfiles } from '../5-profiles/index.js'
import type { ProfileChanges } from '../5-profiles/profile.js'
import { evaluateTouched } from '../6-segments/index.js'
import type { MembershipChanges } from '../6-segments/membership.js'
import type { Clock } from '../kernel/clock.js'
import type { Log } from '../kernel/log.js'
import type { Store } from '../stores/store.js'
import { within } from '../stores/within.js'
import { sourceRanks } from './run.js'
import type { SandboxMemory } from './sandbox-memory.js'

export interface StreamRequest {
  readonly store: Store
  readonly applied: Applied
  readonly collected: readonly CollectedRecords[]
  /** Told what is taken before it is durable: forget it again when this fails. */
  readonly taken: TakenKeys
  readonly memory: SandboxMemory
  readonly clock: Clock
  readonly log: Log
  readonly run: string
}

export interface StreamResult {
  readonly batches: readonly RecordBatch[]
  /** Absent when the records are stored and profiles and memberships could not follow: the next batch takes them up. */
  readonly followed?: { readonly profiles: ProfileChanges; readonly segments: MembershipChanges }
  readonly stageMs: Readonly<Record<'4-ingest' | '5-profiles' | '6-segments', number>>
}

export function runStream(request: StreamRequest): Promise<StreamResult> {
  const { store, applied, collected, taken, memory, clock, log, run } = request
  return store.transaction(async (tx) => {
    const inside = within(tx, store)
    const start = clock.ticksMs()
    const batches = await ingestCollected(tx, collected, { at: clock.now(), taken })
    const ingested = clock.ticksMs()
    const profiles = await updateProfiles({ store: inside, entities: applied.entities, sourceRanks: sourceRanks(applied), limits: applied.guardrails.limits, memory, clock, log })
    const unified = clock.ticksMs()
    const segments = await evaluateTouched({ store: inside, applied, clock, run, profileWords: memory.profileWords })
    return { batches, followed: { profiles, segments }, stageMs: { '4-ingest': ingested - start, '5-profiles': unified - ingested, '6-segments': clock.ticksMs() - unified } }
  })
}

/** Only keeps what was collected. For when the stages after it fail: nobody's events are turned away for a fault of ours. */
export async function keepCollected({ store, collected, taken, clock }: StreamRequest): Promise<StreamResult> {
  const start = clock.ticksMs()
  const batches = await store.transaction((tx) => ingestCollected(tx, collected, { at: clock.now(), taken }))
  return { batches, stageMs: { '4-ingest': clock.ticksMs() - start, '5-profiles': 0, '6-segments': 0 } }
}
