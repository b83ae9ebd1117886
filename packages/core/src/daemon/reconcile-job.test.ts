import assert from 'node:assert/strict'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { person } from '../entities/standard-entities.js'
import type { DestinationCapabilities, MemberRef } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { Recorder } from '../testing/a-recorder.js'
import { aStore, addParts, testNow } from '../testing/a-store.js'
import { findRun } from './read-runs.js'
import { runBatch } from './run-batch.js'
import type { RunOptions, RunResult } from './run.js'
import { toJobs } from './schedule.js'

/** Knows who is in, and made its audience itself. */
class Lists extends Recorder {
  ensureAudience(): Promise<{ readonly remoteId: string; readonly created: boolean }> { return Promise.resolve({ remoteId: '7', created: true }) }
  async *members(): AsyncIterable<readonly MemberRef[]> {
    await Promise.resolve()
    yield [...this.there].map((email) => ({ identities: { email } }))
  }
}

const capabilities: DestinationCapabilities = { identities: ['email'], maxBatch: 100, asyncJobs: false, idempotent: true, createsMissing: true, readBack: 'members', limits: [], defaultPayload: '{ "email": person.email }' }
const applied = anApplied(aProject({
  destinations: [aDestination('lists', {}, { reconcile: '0 4 * * *' }), aDestination('other')],
  segments: [aSegment('known', '$exists(person.email)', { activate: [anActivation('lists'), anActivation('other')] })],
}))

describe('the reconcile job', () => {
  let store: Store
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  it('puts in who was taken out by hand, takes out who was put in, leaves the other destinations and the segments alone, and tells it in the history', async () => {
    const clock = fixedClock(testNow)
    const [lists, other] = [new Lists(), new Recorder()]
    const run = (runId: string, options: RunOptions): Promise<RunResult> =>
      runBatch({ store, applied, clock, log: silentLog, random: () => 0.5, runId, isContinuous: () => false, openSource: () => { throw new Error('none') }, openDestination: ({ spec }) => ({ open: spec.name === 'lists' ? lists : other, capabilities }), ...options })
    await addParts(store, person, 1, [1, 2].map((id) => ({ key: `${String(id)}@crm`, fields: { email: `p${String(id)}@x` } })))
    await run('first', {})
    assert.deepEqual([...lists.there], ['p1@x', 'p2@x'])
    lists.there.delete('p1@x')
    lists.there.add('stranger@x')
    const job = toJobs(applied).find((each) => each.name === 'reconcile lists')
    assert.ok(job)
    assert.equal(job.schedule, '0 4 * * *')
    const { segments, receipts } = await run('second', { ...job.options, job: job.name })
    assert.deepEqual([[...lists.there].sort(), other.sent.length], [['p1@x', 'p2@x'], 1])
    assert.deepEqual([segments.segments, receipts.destinations.map((each) => [each.destination, each.added])], [[], [['lists', 1]]])
    assert.deepEqual((await findRun(store, applied, 'second', 0))?.summary.drift, [{ destination: 'lists', segment: 'known', missing: 1, foreign: 1, removed: 1 }])
  })
})
