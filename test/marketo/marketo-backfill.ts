// A large backfill from Marketo through the real command line, killed at moments that nobody chose: nothing is lost, nothing comes
// twice, and no quota is exceeded. The test runs a short form; all of it: npm run bench -- marketo-backfill
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '../../packages/core/src/kernel/clock.js'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import { openStore } from '../../packages/core/src/stores/open-store.js'
import { runCdp } from '../killed-run.js'
import { generatedHistory } from '../simulators/marketo/history.js'
import { MarketoSimulator } from '../simulators/marketo/simulator.js'

export interface Backfill {
  readonly leads: number
  readonly activities: number
  readonly from: string
  readonly kills: number
  /** Before each kill so many more calls of bulk extract are let through, at most. */
  readonly mostCalls: number
  /** And so much time passes after them, at most. */
  readonly mostMs: number
  /** Between 0 and 1. */
  readonly random: () => number
}

export interface BackfillResult {
  readonly people: number
  readonly events: number
  /** Of the events, those with a key of their own. */
  readonly distinctEvents: number
  readonly kills: number
  readonly jobs: number
  readonly calls: number
  readonly bulkMegabytes: number
  readonly quotas: MarketoSimulator['quotas']['most']
  readonly refused: MarketoSimulator['quotas']['refused']
  readonly seconds: number
  /** The most memory that a run held which was killed, and that of the one that came to its end. */
  readonly readingMegabytes: number
  readonly wholeMegabytes: number
  /** What was told while it worked. */
  readonly progress: readonly string[]
}

const now = '2026-11-23T06:00:00.000Z'
/** The declared limits, which the simulator's counters are held against. */
export const declared = { callsPer20s: 100, dailyCalls: 50_000, concurrentCalls: 5, bulkBytesPerDay: 500_000_000 } as const

export async function runBackfill({ leads, activities, from, kills, mostCalls, mostMs, random }: Backfill): Promise<BackfillResult> {
  const simulator = await new MarketoSimulator({ now }).start()
  // Nobody waits in vain for an extract: with each look at its state a minute passes.
  simulator.fail({ on: 'GET /status', times: 'always', do: () => { simulator.advance(60_000); return undefined } })
  simulator.instance.history = generatedHistory({ leads, activities, from, to: now })
  const folder = await mkdtemp(join(tmpdir(), 'cdp-backfill-'))
  const started = performance.now()
  const bulkCalls = (): number => simulator.seen('* /bulk/').length
  let killed = 0
  let reading = 0
  try {
    await writeProject(folder, simulator.url, from)
    const applied = await runCdp(folder, ['apply', '--auto-approve', '--quiet'])
    if (applied.code !== 0) throw new Error(applied.stderr)
    const progress: string[] = []
    while (killed < kills) {
      const [calls, ms] = [bulkCalls() + 1 + Math.floor(random() * mostCalls), random() * mostMs]
      let since: number | undefined
      const ended = await runCdp(folder, ['run'], () => {
        if (bulkCalls() >= calls) since ??= performance.now()
        return since !== undefined && performance.now() - since >= ms
      })
      if (ended.code !== null) throw new Error(`it ended before it was killed: ${ended.stderr}`)
      killed++
      reading = Math.max(reading, ended.peakMegabytes)
      progress.push(...toLines(ended.stderr))
    }
    const last = await runCdp(folder, ['run'])
    if (last.code !== 0) throw new Error(`cdp run ended with ${String(last.code)}: ${last.stderr}${last.stdout}`)
    progress.push(...toLines(last.stderr))
    return {
      ...(await count(folder)), kills: killed, jobs: simulator.exports.jobs.size, calls: simulator.requests.length, bulkMegabytes: Math.round([...simulator.quotas.bulkBytes.values()].reduce((sum, each) => sum + each, 0) / 1e6),
      quotas: simulator.quotas.most, refused: simulator.quotas.refused, seconds: (performance.now() - started) / 1000, readingMegabytes: Math.round(reading), wholeMegabytes: Math.round(last.peakMegabytes), progress,
    }
  } finally {
    await simulator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeProject(folder: string, url: string, since: string): Promise<void> {
  for (const each of ['sources', 'segments']) await mkdir(join(folder, each))
  await writeFile(join(folder, 'cdp.yaml'), 'kind: Project\nname: backfill\nplugins: ["@cdpkit/plugin-marketo"]\ninclude: ["{sources,segments}/*.yaml"]\n---\nkind: Sandbox\nname: dev\nnetwork: { allow: [loopback] }\n')
  await writeFile(join(folder, 'sources/marketo.yaml'), [
    'kind: Source', 'name: marketo', 'connector: marketo', 'schedule: "*/5 * * * *"', `backfill: { since: ${since.slice(0, 10)} }`, 'config:', '  munchkinId: 123-ABC-456', '  clientId: { fromEnv: CLIENT }', '  clientSecret: { fromEnv: SECRET }', `  restUrl: "${url}"`,
    '  pollSeconds: 0.01', `  callsPer20s: ${String(declared.callsPer20s)}`, `  concurrentCalls: ${String(declared.concurrentCalls)}`, 'streams: [{ name: people }, { name: activities }]', '',
  ].join('\n'))
  await writeFile(join(folder, 'segments/readers.yaml'), 'kind: Segment\nname: readers\nexpression: $count(events[eventType = "directMarketing.emailOpened" and timestamp > $daysAgo(30)]) > 2\n')
}

async function count(folder: string): Promise<Pick<BackfillResult, 'people' | 'events' | 'distinctEvents'>> {
  const store = await openStore({ path: join(folder, '.cdp/dev/store.duckdb'), clock: fixedClock(now) })
  try {
    return await store.row(sqlText`select (select count(*) from person where email is not null) as people, count(*) as events, count(distinct _source_key) as "distinctEvents" from event`)
  } finally {
    await store.close()
  }
}

function toLines(text: string): readonly string[] {
  return text.split('\n').filter((each) => each.includes('4-ingest'))
}
