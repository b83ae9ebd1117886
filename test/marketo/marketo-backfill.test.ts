import assert from 'node:assert/strict'
import { declared, runBackfill } from './marketo-backfill.js'

describe('a backfill from Marketo', () => {
  it('loses nothing and takes nothing twice, killed and resumed, within the quotas', async () => {
    const { people, events, distinctEvents, kills, quotas, refused } = await runBackfill({ leads: 400, activities: 4000, from: '2026-08-01T00:00:00Z', kills: 1, mostCalls: 6, mostMs: 0, random: () => 0.7 })
    assert.deepEqual([people, events, distinctEvents, kills, refused], [400, 4000, 4000, 1, { 606: 0, 607: 0, 615: 0 }])
    assert.ok(quotas.atOnce <= declared.concurrentCalls && quotas.per20Seconds <= declared.callsPer20s && quotas.perDay <= declared.dailyCalls && quotas.bulkBytes <= declared.bulkBytesPerDay)
  }).timeout(120_000)
})
