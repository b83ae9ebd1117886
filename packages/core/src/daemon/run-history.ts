// The history of passes: when, on which state, how it ended. A run that was killed stays open and is closed by the next.
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

export async function endRun(store: Store, result: RunResult, { at, job }: { readonly at: Instant; readonly job?: string }): Promise<void> {
  const status = result.failed ? 'failed' : result.undelivered > 0 ? 'undelivered' : 'done'
  const { profiles, elapsedMs, failures } = result
  const summary = {
    ...(job === undefined ? {} : { job }),
    elapsedMs,
    failures,
    read: sum(result.batches.map((each) => each.read)),
    changed: sum(result.batches.map((each) => each.changed)),
    quarantined: sum(result.batches.map((each) => each.quarantined)),
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

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}
