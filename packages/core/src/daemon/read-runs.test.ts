import assert from 'node:assert/strict'
import type { Applied } from '../2-plan/applied.js'
import { fixedClock } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'
import { silentLog } from '../kernel/log.js'
import type { OpenSource, ReadPart } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { aProject, aSource, anApplied } from '../testing/a-project.js'
import { aStore, testNow } from '../testing/a-store.js'
import { findRun, readRuns } from './read-runs.js'
import { runBatch } from './run-batch.js'
import type { RunRequest, RunResult } from './run.js'

const stream = { name: 'People', entity: 'person', key: 'id', config: {}, map: { email: 'email', firstName: 'name', age: 'age' } }

describe('history of runs', () => {
  let store: Store
  const clock = fixedClock(testNow)
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  const source = (parts: () => AsyncIterable<ReadPart>): OpenSource => ({ check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]), read: parts })
  const run = (runId: string, parts: () => AsyncIterable<ReadPart>, options: Partial<RunRequest> = {}): Promise<RunResult> => {
    clock.advance(60_000)
    const applied: Applied = anApplied(aProject({ sources: [aSource('crm', { streams: [stream] })] }))
    return runBatch({ store, applied, clock, log: silentLog, random: () => 0.5, runId, isContinuous: () => false, openSource: () => source(parts), openDestination: () => { throw new Error('there is none') }, ...options })
  }
  const reading = (records: readonly object[]) => async function* (): AsyncIterable<ReadPart> {
    yield { records: records.map((each) => ({ op: 'upsert', record: { ...each } })) }
    await Promise.resolve()
  }
  const applied = anApplied(aProject({ sources: [aSource('crm', { streams: [stream] })] }))

  it('keeps counts, durations, errors and what went into quarantine of each, the newest first', async () => {
    await run('a1', reading([{ id: '1', email: 'a@x' }, { email: 'no key' }]), { job: 'Source/crm' })
    await run('a2', () => { throw fail('source/failed', { source: 'crm', reason: 'busy' }) })
    await assert.rejects(run('b1', reading([]), { only: { kind: 'Source', name: 'crm' }, openSource: () => { throw new Error('disk') } }), /disk/)
    assert.deepEqual((await readRuns(store, { limit: 10 })).map((each) => [each.run, each.status, each.serial, each.summary.job, each.summary.read, each.summary.error?.message, each.summary.failures?.map((one) => one.code)]), [
      ['b1', 'failed', 1, undefined, undefined, 'disk', undefined], ['a2', 'failed', 1, undefined, 0, undefined, ['source/failed']], ['a1', 'done', 1, 'Source/crm', 2, undefined, []],
    ])
    assert.deepEqual((await readRuns(store, { limit: 1, status: 'done' })).map((each) => each.run), ['a1'])
    const found = await findRun(store, applied, 'a1', 5)
    assert.deepEqual([found?.summary.streams, found?.quarantine], [
      [{ source: 'crm', stream: 'People', read: 2, changed: 1, deleted: 0, quarantined: 1, fromSeq: 0, toSeq: 2 }],
      { total: 1, counts: [{ source: 'crm', stream: 'People', code: 'record/no-key', field: null, count: 1 }], records: [{ source: 'crm', stream: 'People', key: null, code: 'record/no-key', field: null, message: 'the key field has no value', record: '{"email":"no key"}' }] },
    ])
    assert.deepEqual([(await findRun(store, applied, 'last', 5))?.run, (await findRun(store, applied, 'b', 5))?.run, await findRun(store, applied, 'a', 5), await findRun(store, applied, 'zz', 5)], ['b1', 'b1', undefined, undefined])
  })

  it('does not take a run for the one before it: a pause is told by a clock that moves', async () => {
    const moving = { ...clock, now: () => { clock.advance(1); return clock.now() } }
    const day = (): Promise<RunResult> => run(`at ${clock.now()}`, reading([]), { clock: moving })
    const told: (readonly string[])[] = []
    for (const hours of [0, 23, 25]) {
      clock.advance(hours * 3_600_000)
      told.push((await day()).breaches.map((each) => each.sample))
    }
    assert.deepEqual(told, [[], [], ['no pass for 25 hours']])
  })
})
