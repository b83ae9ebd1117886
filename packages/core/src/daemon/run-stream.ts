// One micro-batch: stages 4 to 6 for what was collected, in one transaction, so that whoever sent it is told of success only
// when events, profiles, memberships and their log are durable. Stage 7 reads the log by itself (activation-workers.ts).
import type { Applied } from '../2-plan/applied.js'
import type { RecordBatch } from '../4-ingest/batch.js'
import { type CollectedRecords, type TakenKeys, ingestCollected, stageEvents } from '../4-ingest/index.js'
import { placeKnownEvents, updateProfiles } from '../5-profiles/index.js'
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

export async function runStream(request: StreamRequest): Promise<StreamResult> {
  const { store, memory } = request
  const { followed, ...result } = await store.transaction((tx) => follow(request, within(tx, store)))
  memory.lastChange = followed.profiles.lastChange
  memory.lastSeq = followed.segments.lastSeq
  return { ...result, followed }
}

async function follow({ applied, collected, taken, memory, clock, log, run }: StreamRequest, store: Store): Promise<Required<StreamResult>> {
  const start = clock.ticksMs()
  const { batches, events } = await ingestCollected(store, collected, { at: clock.now(), taken })
  const ingested = clock.ticksMs()
  const { entities, guardrails: { limits } } = applied
  const { left, active } = await placeKnownEvents(store, events, { schemas: entities, limits, memory: memory.identities })
  await stageEvents(store, left)
  const profiles = await updateProfiles({ store, entities, sourceRanks: sourceRanks(applied), limits, active, lastChange: memory.lastChange, ...memory.listeners, clock, log })
  const unified = clock.ticksMs()
  const segments = await evaluateTouched({ store, applied, clock, run, known: { profileSeq: profiles.lastChange, lastSeq: memory.lastSeq, profileWords: memory.profileWords } })
  return { batches, followed: { profiles, segments }, stageMs: { '4-ingest': ingested - start, '5-profiles': unified - ingested, '6-segments': clock.ticksMs() - unified } }
}

/** Only keeps what was collected. For when the stages after it fail: nobody's events are turned away for a fault of ours. */
export async function keepCollected({ store, collected, taken, clock }: StreamRequest): Promise<StreamResult> {
  const start = clock.ticksMs()
  const batches = await store.transaction(async (tx) => {
    const ingested = await ingestCollected(tx, collected, { at: clock.now(), taken })
    await stageEvents(tx, ingested.events)
    return ingested.batches
  })
  return { batches, stageMs: { '4-ingest': clock.ticksMs() - start, '5-profiles': 0, '6-segments': 0 } }
}
