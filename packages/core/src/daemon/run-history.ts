// The history of passes: when, on which state, how it ended. A run that was killed stays open and is closed by the next.
import type { RecordBatch } from '../4-ingest/batch.js'
import type { Instant } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { runTable } from '../stores/tables.js'
import type { Connection, Store } from '../stores/store.js'
import type { RunResult } from './run.js'

export async function startRun(store: Store, { run, serial, at }: { readonly run: string; readonly serial: number; readonly at: Instant }): Promise<void> {
  await store.transaction(async (tx) => {
    await closeInterrupted(tx)
    await tx.append(runTable, [[run, serial, at, null, 'running', null]])
  })
}

/** Gives how many there were. Nobody else works on the sandbox, so what is open was killed. */
export async function closeInterrupted(tx: Connection): Promise<number> {
  return tx.run(sqlText`update run set status = ${param('interrupted')} where status = ${param('running')}`)
}

export interface EndedRun {
  readonly result: Omit<RunResult, 'breaches'>
  /** Batches that were read by schedule, not as a stream. */
  readonly scheduled: readonly RecordBatch[]
  readonly at: Instant
  readonly job?: string
}

/** What is kept of a run. */
export interface RunSummary {
  readonly job?: string
  readonly elapsedMs: number
  readonly stageMs: RunResult['stageMs']
  readonly failures: RunResult['failures']
  readonly read: number
  readonly changed: number
  readonly quarantined: number
  readonly batches: Readonly<Record<string, number>>
  readonly persons: number
  readonly accounts: number
  readonly entered: number
  readonly left: number
  readonly added: number
  readonly removed: number
  /** Only what brought, moved or delivered something. */
  readonly streams: readonly StreamSummary[]
  readonly segments: readonly { readonly segment: string; readonly members: number; readonly entered: number; readonly left: number }[]
  readonly deliveries: readonly { readonly destination: string; readonly segment: string; readonly added: number; readonly removed: number; readonly retried: number; readonly dead: number }[]
  /** Only when reconciled, and only audiences that differed. */
  readonly drift?: readonly { readonly destination: string; readonly segment: string; readonly missing: number; readonly foreign: number; readonly removed: number }[]
  /** What the run ended with before its end. */
  readonly error?: { readonly code: string; readonly message: string }
}

/** `fromSeq` to `toSeq`: the sequence numbers of what it read. */
export type StreamSummary = Pick<RecordBatch, 'source' | 'stream' | 'read' | 'changed' | 'deleted' | 'quarantined' | 'fromSeq' | 'toSeq' | 'unfinished'>

export async function endRun(store: Store, { result, scheduled, at, job }: EndedRun): Promise<void> {
  await writeEnd(store, { run: result.run, status: outcomeOf(result), at, summary: summaryOf(result, scheduled, job) })
}

/** How a run that came to its end did. */
export function outcomeOf({ failed, undelivered }: Pick<RunResult, 'failed' | 'undelivered'>): 'failed' | 'undelivered' | 'done' {
  if (failed) return 'failed'
  return undelivered > 0 ? 'undelivered' : 'done'
}

/** It ended with an error: what it had stored stays. */
export async function failRun(store: Store, { run, at, error, job }: { readonly run: string; readonly at: Instant; readonly error: unknown; readonly job?: string }): Promise<void> {
  const { code, message } = isCdpError(error) ? error : { code: 'cdp/failed', message: error instanceof Error ? error.message : String(error) }
  await writeEnd(store, { run, status: 'failed', at, summary: { ...(job === undefined ? {} : { job }), error: { code, message } } })
}

async function writeEnd(store: Store, { run, status, at, summary }: { readonly run: string; readonly status: string; readonly at: Instant; readonly summary: Partial<RunSummary> }): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.run(sqlText`update run set status = ${param(status)}, ended_at = ${param(at)}::timestamp, summary = ${param(JSON.stringify(summary))} where run = ${param(run)}`)
  })
}

function summaryOf(result: EndedRun['result'], scheduled: readonly RecordBatch[], job: string | undefined): RunSummary {
  const { profiles, elapsedMs, stageMs, failures, batches, segments: { segments }, receipts: { destinations } } = result
  return {
    ...(job === undefined ? {} : { job }),
    elapsedMs, stageMs, failures,
    read: sum(batches.map((each) => each.read)),
    changed: sum(batches.map((each) => each.changed)),
    quarantined: sum(batches.map((each) => each.quarantined)),
    batches: batchesByEntity(scheduled),
    persons: profiles.persons,
    accounts: profiles.accounts,
    entered: sum(segments.map((each) => each.entered)),
    left: sum(segments.map((each) => each.left)),
    added: sum(destinations.map((each) => each.added)),
    removed: sum(destinations.map((each) => each.removed)),
    streams: batches.filter((each) => each.read > 0 || each.unfinished).map(({ source, stream, read, changed, deleted, quarantined, fromSeq, toSeq, unfinished }) => ({ source, stream, read, changed, deleted, quarantined, fromSeq, toSeq, ...(unfinished ? { unfinished } : {}) })),
    segments: segments.filter((each) => each.entered + each.left > 0).map(({ segment, members, entered, left }) => ({ segment, members, entered, left })),
    ...(result.drift ? { drift: result.drift.filter((each) => each.missing + each.foreign > 0).map(({ destination, segment, missing, foreign, removed = 0 }) => ({ destination, segment, missing, foreign, removed })) } : {}),
    deliveries: destinations.filter((each) => each.added + each.removed + each.retried + each.dead > 0).map(({ destination, segment, added, removed, retried, dead }) => ({ destination, segment, added, removed, retried, dead })),
  }
}

/** Streams that brought something, by their entity: what is counted against the batches of a day. */
function batchesByEntity(batches: readonly RecordBatch[]): Readonly<Record<string, number>> {
  const changed = batches.filter((each) => each.changed > 0)
  return Object.fromEntries([...new Set(changed.map((each) => each.entity))].map((entity) => [entity, changed.filter((each) => each.entity === entity).length]))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}
