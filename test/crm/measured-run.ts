// A pass over a project in this process, watched: how much memory each part had at most in each stage, in MB. A child process of
// the backfill's bench: node --import tsx test/crm/measured-run.ts <folder>
import { compose } from '../../packages/core/src/compose.js'
import { readApplied } from '../../packages/core/src/2-plan/index.js'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import type { Store } from '../../packages/core/src/stores/store.js'

export interface Peak {
  /** Objects of JavaScript, garbage that waits for its collector included. */
  readonly heap: number
  /** What JavaScript holds outside of its heap: typed arrays, buffers. */
  readonly buffers: number
  /** The engine, which has a limit of its own. */
  readonly engine: number
  /** What the engine wrote to disk to stay within it. */
  readonly spilled: number
  readonly process: number
}

const everyMs = 100

async function measure(folder: string): Promise<Readonly<Record<string, Peak>>> {
  const composition = compose({ env: process.env, folder, logFrom: 'warn' })
  const store = await composition.openSandbox(folder, 'dev')
  const watching = await store.connect()
  const peaks: Record<string, Peak> = {}
  let stage = 'start'
  let watched: Promise<void> = Promise.resolve()
  const timer = setInterval(() => { watched = watched.then(async () => { peaks[stage] = higher(peaks[stage], await look(watching)) }) }, everyMs)
  await composition.runPass({ store, applied: await readApplied(store, folder) }, {}, (each) => { stage = each.stage === '5-profiles' ? `${each.stage} ${each.text}` : each.stage })
  clearInterval(timer)
  await watched
  await watching.close()
  await store.close()
  return peaks
}

async function look(store: Store): Promise<Peak> {
  const { heapUsed, external, rss } = process.memoryUsage()
  const { engine, spilled } = await store.row<{ engine: number; spilled: number }>(sqlText`select sum(memory_usage_bytes)::double as engine, sum(temporary_storage_bytes)::double as spilled from duckdb_memory()`)
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
  return { heap: megabytes(heapUsed), buffers: megabytes(external), engine: megabytes(engine), spilled: megabytes(spilled), process: megabytes(rss) }
}

function higher(a: Peak | undefined, b: Peak): Peak {
  const most = (part: keyof Peak): number => Math.max(a?.[part] ?? 0, b[part])
  return { heap: most('heap'), buffers: most('buffers'), engine: most('engine'), spilled: most('spilled'), process: most('process') }
}

process.stdout.write(JSON.stringify(await measure(process.argv[2] ?? '.')))
