// What a daemon tells of what happens, for metrics, lineage and tests.
import type { Applied } from '../2-plan/applied.js'
import type { DestinationReceipts } from '../7-activation/delivery.js'
import type { Instant } from '../kernel/clock.js'
import type { RunOptions, RunResult } from './run.js'
import type { StreamResult } from './run-stream.js'

export type RunEvent =
  | { readonly is: 'started'; readonly run: string; readonly at: Instant; readonly applied: Applied; readonly options: RunOptions }
  | { readonly is: 'ended'; readonly run: string; readonly at: Instant; readonly applied: Applied; readonly options: RunOptions; readonly result: RunResult }
  | { readonly is: 'failed'; readonly run: string; readonly at: Instant; readonly applied: Applied; readonly options: RunOptions; readonly error: unknown }

export interface DaemonEvents {
  readonly onStream?: (result: StreamResult) => void
  readonly onBatchTaken?: (batch: { readonly records: number; readonly waiting: number }) => void
  readonly onReceipts?: (receipts: readonly DestinationReceipts[], elapsedMs: number) => void
  readonly onRun?: (event: RunEvent) => void
}

/** Everybody who wants to know is told. */
export function tellAll(all: readonly DaemonEvents[]): DaemonEvents {
  return {
    onStream: (result) => { for (const each of all) each.onStream?.(result) },
    onBatchTaken: (batch) => { for (const each of all) each.onBatchTaken?.(batch) },
    onReceipts: (receipts, elapsedMs) => { for (const each of all) each.onReceipts?.(receipts, elapsedMs) },
    onRun: (event) => { for (const each of all) each.onRun?.(event) },
  }
}

/** A pass with what is told of it. */
export async function toldRun(events: DaemonEvents | undefined, facts: Pick<RunEvent, 'run' | 'applied' | 'options'> & { readonly now: () => Instant }, work: () => Promise<RunResult>): Promise<RunResult> {
  const { now, ...run } = facts
  events?.onRun?.({ is: 'started', at: now(), ...run })
  try {
    const result = await work()
    events?.onRun?.({ is: 'ended', at: now(), ...run, result })
    return result
  } catch (error) {
    events?.onRun?.({ is: 'failed', at: now(), ...run, error })
    throw error
  }
}
