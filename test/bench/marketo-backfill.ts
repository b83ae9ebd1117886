// npm run bench -- marketo-backfill [--people N] [--seed N]: a history of Marketo, ten activities to each lead, read by runs that are
// killed five times at random moments. What came is asserted to be everything, once; quotas are asserted on the simulator's counters.
import assert from 'node:assert/strict'
import { randomFrom } from '../../examples/crm-pipeline/generate/random-from.js'
import { type BackfillResult, declared, runBackfill } from '../marketo/marketo-backfill.js'
import { writeSection } from './report.js'

export async function benchMarketoBackfill({ leads, seed }: { readonly leads: number; readonly seed: number }): Promise<void> {
  const activities = leads * 10
  const result = await runBackfill({ leads, activities, from: '2024-11-01T00:00:00Z', kills: 5, mostCalls: 25, mostMs: 3000, random: randomFrom(seed) })
  for (const line of result.progress) process.stdout.write(`${line}\n`)
  process.stdout.write(`${JSON.stringify({ ...result, progress: undefined })}\n`)
  const { people, events, distinctEvents, kills, quotas, refused } = result
  assert.deepEqual([people, events, distinctEvents, kills], [leads, activities, activities, 5])
  assert.ok(quotas.atOnce <= declared.concurrentCalls && quotas.per20Seconds <= declared.callsPer20s && quotas.perDay <= declared.dailyCalls && quotas.bulkBytes <= declared.bulkBytesPerDay, JSON.stringify(quotas))
  assert.deepEqual(refused, { 606: 0, 607: 0, 615: 0 })
  assert.ok(result.progress.some((each) => /%, about .* left\)/.test(each)), 'the time left was told')
  write(result, { leads, activities })
}

function write(result: BackfillResult, { leads, activities }: { readonly leads: number; readonly activities: number }): void {
  const of = (value: number): string => value.toLocaleString('en-US')
  const { quotas } = result
  writeSection({
    name: `marketo-backfill: ${of(leads)} leads and ${of(activities)} activities by bulk extract, killed five times`,
    header: ['what', 'result', 'declared'],
    rows: [
      ['people and events afterwards; events with a key of their own', `${of(result.people)} and ${of(result.events)}; ${of(result.distinctEvents)}`, `${of(leads)} and ${of(activities)}`],
      ['extract jobs; calls, all runs together', `${of(result.jobs)}; ${of(result.calls)}`, ''],
      ['most calls in 20 s; at once; on a day', `${of(quotas.per20Seconds)}; ${of(quotas.atOnce)}; ${of(quotas.perDay)}`, `${of(declared.callsPer20s)}; ${of(declared.concurrentCalls)}; ${of(declared.dailyCalls)}`],
      ['MB of extract, most on a day', `${of(result.bulkMegabytes)}, ${of(Math.round(quotas.bulkBytes / 1e6))}`, of(declared.bulkBytesPerDay / 1e6)],
      ['calls that were refused for a limit', of(result.refused[606] + result.refused[607] + result.refused[615]), '0'],
      ['seconds, all runs together', result.seconds.toFixed(0), ''],
      ['peak memory, MB: runs that were killed; the last one, which unifies and evaluates', `${of(result.readingMegabytes)}; ${of(result.wholeMegabytes)}`, ''],
    ],
    notes: '`npm run bench -- marketo-backfill`: the real command line against the simulator, whose clock moves a minute with each look at a job. Moments of the kills are random; the figures of the first two and of the fifth row are asserted.',
  })
}
