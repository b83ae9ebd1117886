// npm run bench -- salesforce-backfill [--people N]: contacts by bulk jobs, read by runs that are killed three times; what the last run,
// which also unifies and evaluates, holds in memory stage by stage.
import assert from 'node:assert/strict'
import { runBackfill } from '../crm/salesforce-backfill.js'
import { writeSection } from './report.js'

export async function benchSalesforceBackfill(contacts: number): Promise<void> {
  const { people, members, kills, seconds, jobs, pages, readingMegabytes, megabytes = {} } = await runBackfill({ rows: contacts, bulkRows: 50_000, killAfterPages: [3, 2, 3], watched: true })
  assert.deepEqual([people, members, kills], [contacts, contacts / 10, 3])
  const of = (value: number): string => value.toLocaleString('en-US')
  writeSection({
    name: `salesforce-backfill: ${of(contacts)} contacts by bulk jobs, killed three times`,
    header: ['MB at most', 'JavaScript heap', 'buffers', 'DuckDB', 'spilled to disk', 'process'],
    rows: [
      ['runs that were killed while they read', '', '', '', '', of(readingMegabytes)],
      ...Object.entries(megabytes).map(([stage, { heap, buffers, engine, spilled, process }]) => [stage, of(heap), of(buffers), of(engine), of(spilled), of(process)]),
    ],
    notes: `${of(people)} people and ${of(members)} members afterwards, as there should be; ${of(jobs)} job, ${of(pages)} pages, ${seconds.toFixed(0)} s, all runs together. The heap is that of a batch, whatever the size; DuckDB keeps to its limit (2,048 MB) and spills beyond it.`,
  })
}
