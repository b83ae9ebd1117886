// npm run bench -- soak [--minutes N]: events at a steady rate into a daemon that also evaluates a batch segment every minute. Memory,
// the delay of the event loop and the schedule are looked at from beside and from inside of the process.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../../packages/core/src/kernel/clock.js'
import { sqlText } from '../../../packages/core/src/kernel/sql-text.js'
import { aLiveSandbox, askStore, liveEnv, sendBatch } from '../../daemon/live-project.js'
import { serveCli } from '../../journeys/cli.js'
import { writeSection } from '../report.js'
import { median, quantile, withCommas } from '../segments/figures.js'

const eventsPerSecond = 2000
const eventsPerRequest = 200
const people = 50_000
/** Of the events, by visitors that nobody has seen before. */
const newVisitors = 0.01

const batchSegment = `---
kind: Segment
name: each-minute
expression: $exists(events[timestamp > $daysAgo(1)])
evaluation: { mode: batch, schedule: "* * * * *" }
activate: [{ destination: hook }]
`

interface Sample {
  readonly median: number
  readonly p99: number
  readonly max: number
  readonly rss: number
  readonly heap: number
}

export async function benchSoak({ minutes }: { readonly minutes: number }): Promise<void> {
  const live = await aLiveSandbox(batchSegment)
  const samplesFile = join(live.folder, 'samples.jsonl')
  writeFileSync(samplesFile, '')
  const served = await serveCli([], { folder: live.folder, env: { ...liveEnv, CDP_CLOCK: '', EVENT_LOOP_DELAY_FILE: samplesFile, NODE_OPTIONS: `--import=${resolve('test/bench/streaming/event-loop-delay.mjs')}` } })
  const started = systemClock.ticksMs()
  const spentMs: number[] = []
  let [sent, refused] = [0, 0]
  const pending = new Set<Promise<void>>()
  while (systemClock.ticksMs() - started < minutes * 60_000) {
    const turn = sent / eventsPerRequest
    const before = systemClock.ticksMs()
    const request = sendBatch(served.url, Array.from({ length: eventsPerRequest }, (_, index) => toCall(sent + index))).then(({ status }) => {
      spentMs.push(systemClock.ticksMs() - before)
      if (status !== 200) refused++
    })
    const settled: Promise<void> = request.finally(() => { pending.delete(settled) })
    pending.add(settled)
    sent += eventsPerRequest
    await wait(Math.max(0, started + (turn + 1) * (1000 * eventsPerRequest / eventsPerSecond) - systemClock.ticksMs()))
  }
  await Promise.all(pending)
  const elapsed = (systemClock.ticksMs() - started) / 1000
  await served.stop()
  live.receiver.stop()
  const [counts] = await askStore(live.folder, sqlText`select (select count(*) from event) as events, (select count(*) from run where summary like '%segments * * * * *%') as runs, (select count(*) from run where status = 'failed') as failed`)
  const samples = readFileSync(samplesFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Sample)
  report({ minutes, elapsed, sent, refused, spentMs, samples, counts: counts?.[0] ?? {} })
}

function toCall(n: number): object {
  const who = n % (1 / newVisitors) === 0 ? { anonymousId: `visitor${String(n)}` } : { userId: `user${String((n * 7919) % people)}` }
  return { type: 'track', ...who, messageId: `m${String(n)}`, event: n % 5 === 0 ? 'Order Completed' : 'Looked', properties: { path: '/pricing' } }
}

interface Outcome {
  readonly minutes: number
  readonly elapsed: number
  readonly sent: number
  readonly refused: number
  readonly spentMs: readonly number[]
  readonly samples: readonly Sample[]
  readonly counts: Readonly<Record<string, unknown>>
}

function report({ minutes, elapsed, sent, refused, spentMs, samples, counts }: Outcome): void {
  const worst = (of: (sample: Sample) => number): string => Math.max(...samples.map(of)).toFixed(0)
  const sixth = Math.max(1, Math.floor(samples.length / 6))
  const sixths = Array.from({ length: 6 }, (_, index) => samples.slice(index * sixth, (index + 1) * sixth))
  const inSixths = (of: (sample: Sample) => number): string => `${sixths.map((part) => (mean(part, of) / 1e6).toFixed(0)).join(', ')} MB`
  const mean = (part: readonly Sample[], of: (sample: Sample) => number): number => part.reduce((sum, each) => sum + of(each), 0) / Math.max(1, part.length)
  writeSection({
    name: `soak: ${String(minutes)} minutes at ${withCommas(eventsPerSecond)} events/s, a batch run every minute`,
    header: ['what', 'measured', 'goal'],
    rows: [
      ['events sent, stored, requests refused', `${withCommas(sent)}, ${withCommas(Number(counts['events']))}, ${String(refused)}`, 'all stored'],
      ['events/s', withCommas(sent / elapsed), withCommas(eventsPerSecond)],
      ['ms to the answer, median and 99 %', `${withCommas(median(spentMs))}, ${withCommas(quantile(spentMs, 0.99))}`, ''],
      ['event-loop delay, ms: 99 % within ten seconds, median and worst of these', `${median(samples.map((each) => each.p99)).toFixed(1)}, ${worst((each) => each.p99)}`, '< 50'],
      ['runs by schedule, failed', `${String(counts['runs'])}, ${String(counts['failed'])}`, `${String(minutes)}, 0`],
      ['resident memory, mean of each sixth of the time', inSixths((each) => each.rss), 'flat in the end'],
      ['JavaScript heap, likewise', inSixths((each) => each.heap), 'flat in the end'],
    ],
    notes: `${withCommas(people)} people, ${String(newVisitors * 100)} % of the events by new visitors, two streaming segments and one in batches, delivered to a local receiver; sender and receiver share the machine. Memory grows until the window of message ids is full, after two million events.`,
  })
}
