// npm run bench -- ingest [--people N]: loads and unifies with the real command line, next to a plain load of the very same files
// by the engine alone. Figures are ratios in one run; they go to docs/benchmarks.md.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { generateB2b, projectYaml } from './generate-b2b.js'
import { type Section, writeSection } from './report.js'

const cdp = resolve('packages/core/bin/cdp.js')

interface RunJson {
  readonly stageMs: Readonly<Record<string, number>>
  readonly batches: readonly { readonly read: number; readonly changed: number }[]
  readonly profiles: { readonly persons: number; readonly accounts: number }
}

export async function benchIngest(people: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cdp-bench-'))
  const sizes = { people, accounts: Math.floor(people / 10), opportunities: Math.floor((people * 3) / 10) }
  try {
    process.stdout.write(`generating ${people.toLocaleString('en-US')} people …\n`)
    await generateB2b(join(folder, 'data'), sizes)
    writeFileSync(join(folder, 'cdp.yaml'), projectYaml)
    const plainSeconds = await plainLoad(join(folder, 'data'))
    spawnSync(process.execPath, [cdp, 'apply', '--auto-approve', '--quiet'], { cwd: folder, stdio: 'inherit' })
    const first = await measuredRun(folder)
    const again = await measuredRun(folder)
    writeSection(toSection(sizes, plainSeconds, first, again))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The engine alone: `create table as` of the same files, into a file of its own. */
async function plainLoad(folder: string): Promise<number> {
  const instance = await DuckDBInstance.create(join(folder, 'plain.duckdb'), { memory_limit: '2GB' })
  const connection = await instance.connect()
  const started = performance.now()
  for (const name of ['accounts', 'contacts', 'leads', 'opportunities', 'roles']) await connection.run(`create table ${name} as select * from read_json('${folder}/${name}.jsonl')`)
  await connection.run('checkpoint')
  const seconds = (performance.now() - started) / 1000
  connection.closeSync()
  instance.closeSync()
  return seconds
}

interface Measured {
  readonly json: RunJson
  readonly peakMegabytes: number
}

function measuredRun(folder: string): Promise<Measured> {
  const child = spawn(process.execPath, [cdp, 'run', '--json'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  let peak = 0
  const poll = setInterval(() => { peak = Math.max(peak, peakOf(child.pid ?? 0)) }, 200)
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  return new Promise((done, fail) => {
    child.on('close', (code) => {
      clearInterval(poll)
      if (code === 0) done({ json: JSON.parse(stdout) as RunJson, peakMegabytes: peak })
      else fail(new Error(`cdp run ended with ${String(code)}`))
    })
  })
}

/** The most memory that the process ever had, as Linux counts it. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

function toSection(sizes: { readonly people: number; readonly accounts: number; readonly opportunities: number }, plainSeconds: number, first: Measured, again: Measured): Section {
  const rows = first.json.batches.reduce((sum, each) => sum + each.read, 0)
  const seconds = (measured: Measured, stage: string): number => (measured.json.stageMs[stage] ?? 0) / 1000
  const line = (what: string, count: number, spent: number, peak: string): readonly string[] => [what, count.toLocaleString('en-US'), spent.toFixed(1), Math.round(count / spent).toLocaleString('en-US'), `${(spent / plainSeconds).toFixed(1)} ×`, peak]
  return {
    name: `ingest: ${sizes.people.toLocaleString('en-US')} people, ${sizes.accounts.toLocaleString('en-US')} accounts, ${sizes.opportunities.toLocaleString('en-US')} opportunities (JSON lines)`,
    header: ['step', 'rows', 'seconds', 'rows/s', 'against plain load', 'peak memory, MB'],
    rows: [
      line('plain load: `create table as` of the same files, engine alone', rows, plainSeconds, ''),
      line('4-ingest: read, map, check, keep raw, checkpoint', rows, seconds(first, '4-ingest'), Math.round(first.peakMegabytes).toString()),
      line('5-profiles: stitch and unify everything', rows, seconds(first, '5-profiles'), Math.round(first.peakMegabytes).toString()),
      line('second run, nothing new', rows, seconds(again, '4-ingest') + seconds(again, '5-profiles'), Math.round(again.peakMegabytes).toString()),
    ],
    notes: `${first.json.profiles.persons.toLocaleString('en-US')} people and ${first.json.profiles.accounts.toLocaleString('en-US')} accounts after stitching.`,
  }
}
