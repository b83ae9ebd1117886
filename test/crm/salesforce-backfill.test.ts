import assert from 'node:assert/strict'
import { runBackfill } from './salesforce-backfill.js'

describe('a backfill by bulk jobs', () => {
  it('loses nobody and takes nobody twice, killed twice and resumed, with one job', async () => {
    const { people, members, kills, jobs } = await runBackfill({ rows: 9000, bulkRows: 3000, killAfterPages: [2, 1] })
    assert.deepEqual([people, members, kills, jobs], [9000, 900, 2, 1])
  }).timeout(120_000)
})
