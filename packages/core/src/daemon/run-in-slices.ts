// A long read, such as the first one of years of history, is done in slices, each a pass of its own that ends at a checkpoint and is
// evaluated and delivered: what else is due comes between two slices, and so does whoever stops the daemon.
import type { RunOptions, RunResult } from './run.js'

export const sliceMs = 60_000

export interface Slices {
  readonly run: (options: RunOptions) => Promise<RunResult>
  readonly isStopped: () => boolean
}

/** Gives what the last slice came to. */
export async function runInSlices({ run, isStopped }: Slices, options: RunOptions): Promise<RunResult> {
  for (;;) {
    const result = await run(options)
    if (isStopped() || result.batches.every((each) => each.unfinished === undefined)) return result
  }
}
