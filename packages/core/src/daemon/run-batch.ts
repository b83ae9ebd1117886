// One pass over everything that was applied: stages 4 to 7, one after the other. Read this after the seven index.ts files.
// Each stage commits by itself and takes up where the last pass got to, so a kill between any two lines loses nothing.
import type { AppliedResource } from '../2-plan/applied.js'
import type { Source } from '../1-project/project.js'
import type { RecordBatch } from '../4-ingest/batch.js'
import { ingestSource } from '../4-ingest/index.js'
import { updateProfiles } from '../5-profiles/index.js'
import { evaluateSegments, evaluateTouched } from '../6-segments/index.js'
import type { MembershipChanges } from '../6-segments/membership.js'
import { activate, reconcile } from '../7-activation/index.js'
import type { Receipts } from '../7-activation/delivery.js'
import type { Clock, Instant } from '../kernel/clock.js'
import { fail, isCdpError } from '../kernel/error.js'
import { inSpan } from '../kernel/trace.js'
import { observe } from './observe/observe.js'
import { readBreaches } from './observe/read-breaches.js'
import { finishDeletions } from './privacy/delete-profile.js'
import { rebuildWhatChanged } from './rebuild.js'
import { forgetOld } from './retention.js'
import { type RunProgress, type RunRequest, type RunResult, type SourceFailure, sourceRanks } from './run.js'
import { endRun, failRun, startRun } from './run-history.js'
import { noteSegmentSizes } from './segment-sizes.js'

export function runBatch(request: RunRequest): Promise<RunResult> {
  return inSpan('cdp.run', { sandbox: request.applied.sandbox.name, run: request.runId, ...(request.job === undefined ? {} : { job: request.job }) }, () => pass(request))
}

async function pass(request: RunRequest): Promise<RunResult> {
  const { store, clock, applied, runId: run, job } = request
  const startedAt = clock.now()
  await startRun(store, { run, serial: applied.serial, at: startedAt })
  try {
    return await runStages(request, startedAt)
  } catch (error) {
    // A history that cannot be written either does not hide why.
    await failRun(store, { run, error, at: clock.now(), ...(job === undefined ? {} : { job }) }).catch(() => undefined)
    throw error
  }
}

async function runStages(request: RunRequest, startedAt: Instant): Promise<RunResult> {
  const { store, clock, applied } = request
  const startedMs = clock.ticksMs()
  const watch = stopwatch(clock)
  const rebuild = await rebuildWhatChanged(request)
  const { batches, failures } = await ingestSources(request)
  const ingestMs = watch()
  const profiles = await updateProfiles({ store, entities: applied.entities, sourceRanks: sourceRanks(applied), limits: applied.guardrails.limits, clock, log: request.log, rebuild, ...request.memory?.listeners, onProgress: reporter(request, '5-profiles', clock.ticksMs()) })
  const profilesMs = watch()
  const segments = await inSpan('cdp.evaluate', { sandbox: applied.sandbox.name }, () => evaluate(request))
  const segmentsMs = watch()
  const drift = request.reconcile === true ? await reconcile({ store, applied, clock, connectors: request.openDestination, ...onlyDestination(request) }) : undefined
  const receipts = await deliver(request)
  const stageMs = { '4-ingest': ingestMs, '5-profiles': profilesMs, '6-segments': segmentsMs, '7-activation': watch() }
  const undelivered = receipts.destinations.reduce((sum, each) => sum + each.retried + each.dead, 0)
  const result = {
    run: request.runId, startedAt, elapsedMs: clock.ticksMs() - startedMs, stageMs, batches, failures, profiles, segments, ...(drift ? { drift } : {}), receipts, failed: failures.length > 0, undelivered,
  }
  const scheduled = batches.filter(({ source }) => !isReadAsStream(request, source))
  await endRun(store, { result, scheduled, at: clock.now(), ...(request.job === undefined ? {} : { job: request.job }) })
  if (isOfEverything(request)) await forgetOld({ store, applied, clock })
  await finishDeletions(store, applied, clock)
  await noteSegmentSizes(store, request.runId, clock.now())
  await observe({ store, applied, clock, batches, profiles, startedAt })
  return { ...result, breaches: await readBreaches(store) }
}

/** Daily in a daemon; without one, whenever somebody runs everything. */
function isOfEverything({ only, segments, pullsNothing, dryRun }: RunRequest): boolean {
  return !only && !segments && pullsNothing !== true && dryRun !== true
}

/** Whether the source is read as a stream. */
function isReadAsStream({ applied, isContinuous }: RunRequest, source: string): boolean {
  const spec = applied.sources[source]?.spec
  return spec !== undefined && isContinuous(spec)
}

function evaluate(request: RunRequest): Promise<MembershipChanges> {
  const { store, applied, clock, runId: run, release = [] } = request
  if (request.segments === 'touched') return evaluateTouched({ store, applied, clock, run })
  const only = request.only?.kind === 'Segment' ? [request.only.name] : request.segments
  return evaluateSegments({ store, applied, clock, run, release, ...(only ? { only } : {}) })
}

/** Milliseconds since the last time it was asked. */
function stopwatch(clock: Clock): () => number {
  let last = clock.ticksMs()
  return () => {
    const now = clock.ticksMs()
    const elapsed = now - last
    last = now
    return elapsed
  }
}

/** A stream that fails stops neither the others nor the stages after it. */
async function ingestSources(request: RunRequest): Promise<Pick<RunResult, 'batches' | 'failures'>> {
  const batches: RecordBatch[] = []
  const failures: SourceFailure[] = []
  for (const source of wantedSources(request)) {
    const ingested = await inSpan('cdp.source.read', { sandbox: request.applied.sandbox.name, source: source.spec.name }, () => ingestOne(request, source))
    batches.push(...ingested.batches)
    failures.push(...ingested.failures.map(({ stream, error }) => toFailure(source.spec.name, stream, error)))
  }
  return { batches, failures }
}

/** In a daemon senders of events wait while a pass writes. */
const servedRecordsPerTransaction = 10_000

function ingestOne(request: RunRequest, source: AppliedResource<Source>): ReturnType<typeof ingestSource> {
  const { store, applied, clock, log } = request
  return ingestSource({
    source, sources: Object.values(applied.sources), entities: applied.entities, vars: applied.sandbox.vars, limits: applied.guardrails.limits, connector: request.openSource(source), store, clock, log,
    ...(request.mayGoOn ? { mayGoOn: request.mayGoOn } : {}), ...(request.memory ? { recordsPerTransaction: servedRecordsPerTransaction } : {}),
    fullRefresh: request.fullRefresh === true, onProgress: reporter(request, '4-ingest', clock.ticksMs()),
  })
}

function toFailure(source: string, stream: string, error: unknown): SourceFailure {
  const known = isCdpError(error) ? error : fail('source/failed', { source, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  return { source, stream, code: known.code, message: known.message, help: known.help }
}

function wantedSources({ applied, only, pullsNothing }: RunRequest): readonly AppliedResource<Source>[] {
  if (pullsNothing === true) return []
  const all = Object.values(applied.sources)
  if (!only) return all
  return only.kind === 'Source' ? all.filter((each) => each.spec.name === only.name) : []
}

function deliver(request: RunRequest): Promise<Receipts> {
  const { store, applied, clock, log, random } = request
  const options = { dryRun: request.dryRun === true, retry: request.retryNow === true, ...onlyDestination(request) }
  return request.deliver?.(options) ?? activate({ store, applied, clock, log, random, connectors: request.openDestination, ...options })
}

function onlyDestination({ only }: RunRequest): { readonly only?: string } {
  return only?.kind === 'Destination' ? { only: only.name } : {}
}

function reporter(request: RunRequest, stage: RunProgress['stage'], startedMs: number): (progress: Omit<RunProgress, 'stage' | 'elapsedMs'> & { readonly elapsedMs?: number }) => void {
  return (progress) => request.onProgress?.({ elapsedMs: request.clock.ticksMs() - startedMs, ...progress, stage })
}

