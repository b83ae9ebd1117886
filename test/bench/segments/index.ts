// npm run bench -- segments [--people N] [--store FILE]: closures one profile at a time, one pass over everybody, memberships with
// their log. Everything in one process, each figure next to its baseline; a kept store saves making it again.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writeSection } from '../report.js'
import { measureBatch, toBatchSection } from './batch.js'
import { describeOutliers, measureClosures, toClosureSection } from './closures.js'
import { measureDeltas, toDeltaSection } from './deltas.js'
import { withCommas } from './figures.js'
import { type Sizes, fillStore, sizesFor } from './generate.js'
import { openStore, systemClock } from './product.js'

export interface SegmentBenchOptions {
  readonly people: number
  /** Where the generated store is kept; it is made when it is not there, and measured in a copy. */
  readonly store?: string | undefined
}

export async function benchSegments({ people, store: kept }: SegmentBenchOptions): Promise<void> {
  const sizes = sizesFor(people)
  const folder = mkdtempSync(join(tmpdir(), 'cdp-bench-'))
  try {
    progress(`load average ${(loadavg()[0] ?? 0).toFixed(1)} on ${String(cpus().length)} cores; what others use makes all times longer, and CPU time the better measure`)
    progress('closures …')
    const closures = await measureClosures()
    progress(describeOutliers(closures))
    writeSection(toClosureSection(closures))
    const path = await prepareStore(sizes, folder, kept)
    const store = await openStore({ path, clock: systemClock })
    try {
      writeSection(toBatchSection(sizes, await measureBatch(store, sizes, progress)))
    } finally {
      await store.close()
    }
    writeSection(toDeltaSection(sizes, await measureDeltas({ path, sizes, progress })))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function prepareStore(sizes: Sizes, folder: string, kept: string | undefined): Promise<string> {
  const path = join(folder, 'bench.duckdb')
  const made = kept === undefined ? path : resolve(kept)
  if (!existsSync(made)) await makeStore(made, sizes)
  if (made !== path) copyFileSync(made, path)
  return path
}

async function makeStore(path: string, sizes: Sizes): Promise<void> {
  progress(`making ${withCommas(sizes.people)} people with ${withCommas(sizes.events)} events …`)
  const started = performance.now()
  const store = await openStore({ path, clock: systemClock })
  try {
    await fillStore(store, sizes)
  } finally {
    await store.close()
  }
  progress(`made in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

function progress(text: string): void {
  process.stdout.write(`${text}\n`)
}
