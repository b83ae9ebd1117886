import assert from 'node:assert/strict'
import type { Status } from '../daemon/read-status.js'
import type { Latency } from '../daemon/observe/read-latencies.js'
import { noColour } from './paint.js'
import { renderServing } from './serving-status.js'
import { renderStatusLine } from './status-line.js'

const status: Status = {
  project: 'p', sandbox: 'dev', serial: 3, runs: [{ run: 'r', startedAt: '2026-11-25T06:00:00.000Z', status: 'done', summary: {} }], streams: [], profiles: { persons: 1200, accounts: 3, refusedLinks: 0 },
  segments: [{ segment: 's', lane: 'batch', members: 7, evaluatedAt: null, errors: {} }], deliveries: [{ destination: 'd', segment: 's', remote: 1, waiting: 2, dead: 3, unmatched: 0, withheld: 0, lastCode: null }],
  circuits: [], quarantine: [{ code: 'c', field: null, count: 4, example: null }], breaches: [], refused: [],
}
const latencies: readonly Latency[] = [{ hop: 'streaming', objectiveMs: 300_000, oldestMs: 0, where: '', missed: false }, { hop: 'activation', objectiveMs: 300_000, oldestMs: 600_000, where: 'shop', missed: true }]

describe('status', () => {
  it('is one line for logs', () => {
    assert.equal(renderStatusLine(status, undefined), 'sandbox dev · state #3 · not served · last run done at 2026-11-25T06:00:00.000Z · 1,200 people · 3 accounts · 7 memberships · 2 waiting · 3 given up · 4 in quarantine')
    assert.match(renderStatusLine(status, { latencies }), / · served · .* · late: activation$/)
  })

  it('tells what the daemon measures', () => {
    assert.equal(renderServing({ latencies }, noColour), 'Latency\n  streaming segments follow  nothing waits      objective 5 min 0 s\n  moves are delivered        oldest 10 min 0 s  objective 5 min 0 s  shop  ! missed')
  })
})
