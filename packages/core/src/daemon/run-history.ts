// The history of passes: when, on which state, how it ended. A run that was killed stays open and is closed by the next.
import type { RecordBatch } from '../4-ingest/batch.js'
import type { Instant } from '../kernel/clock.js'
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

export async function endRun(store: Store, { result, scheduled, at, job }: EndedRun): Promise<void> {
  const status = result.failed ? 'failed' : result.undelivered > 0 ? 'undelivered' : 'done'
  const { profiles, elapsedMs, failures } = result
  const summary = {
    ...(job === undefined ? {} : { job }),
    elapsedMs,
    failures,
    read: sum(result.batches.map((each) => each.read)),
    changed: sum(result.batches.map((each) => each.changed)),
    quarantined: sum(result.batches.map((each) => each.quarantined)),
    batches: batchesByEntity(scheduled),
    persons: profiles.persons,
    accounts: profiles.accounts,
    entered: sum(result.segments.segments.map((each) => each.entered)),
    left: sum(result.segments.segments.map((each) => each.left)),
    added: sum(result.receipts.destinations.map((each) => each.added)),
    removed: sum(result.receipts.destinations.map((each) => each.removed)),
  }
  await store.transaction(async (tx) => {
    await tx.run(sqlText`update run set status = ${param(status)}, ended_at = ${param(at)}::timestamp, summary = ${param(JSON.stringify(summary))} where run = ${param(result.run)}`)
  })
}

/** Streams that brought something, by their entity: what is counted against the batches of a day. */
function batchesByEntity(batches: readonly RecordBatch[]): Readonly<Record<string, number>> {
  const changed = batches.filter((each) => each.changed > 0)
  return Object.fromEntries([...new Set(changed.map((each) => each.entity))].map((entity) => [entity, changed.filter((each) => each.entity === entity).length]))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}
