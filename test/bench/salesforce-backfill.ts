// npm run bench -- salesforce-backfill [--people N]: contacts by bulk jobs, read by runs that are killed three times; what the last run,
// which also unifies and evaluates, holds in memory stage by stage.
import assert from 'node:assert/strict'
import { runBackfill } from '../crm/salesforce-backfill.js'
import { writeSection } from './report.js'
import { withCommas } from './segments/figures.js'

export async function benchSalesforceBackfill(contacts: number): Promise<void> {
  const { people, members, kills, seconds, jobs, pages, readingMegabytes, megabytes = {} } = await runBackfill({ rows: contacts, bulkRows: 50_000, killAfterPages: [3, 2, 3], watched: true })
  assert.deepEqual([people, members, kills], [contacts, contacts / 10, 3])
  writeSection({
    name: `salesforce-backfill: ${withCommas(contacts)} contacts by bulk jobs, killed three times`,
    header: ['MB at most', 'JavaScript heap', 'buffers', 'DuckDB', 'spilled to disk', 'process'],
    rows: [
      ['runs that were killed while they read', '', '', '', '', withCommas(readingMegabytes)],
      ...Object.entries(megabytes).map(([stage, { heap, buffers, engine, spilled, process }]) => [stage, withCommas(heap), withCommas(buffers), withCommas(engine), withCommas(spilled), withCommas(process)]),
    ],
    notes: `${withCommas(people)} people and ${withCommas(members)} members afterwards, as there should be; ${withCommas(jobs)} job, ${withCommas(pages)} pages, ${seconds.toFixed(0)} s, all runs together. The heap is that of a batch, whatever the size; DuckDB keeps to its limit (2,048 MB) and spills beyond it.`,
  })
}
