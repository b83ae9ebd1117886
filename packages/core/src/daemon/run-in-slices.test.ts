import assert from 'node:assert/strict'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { OpenSource, ReadPart } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { aProject, aSegment, aSource, anApplied } from '../testing/a-project.js'
import { aStore, testNow } from '../testing/a-store.js'
import { Daemon } from './daemon.js'
import { readStatus } from './read-status.js'
import { runInSlices } from './run-in-slices.js'
import type { RunOptions, RunResult } from './run.js'

const pages = 4
const applied = anApplied(aProject({ sources: [aSource('crm', { connector: 'fake', streams: [{ name: 'People', entity: 'person', key: 'id', map: { email: 'email' }, config: {} }] })], segments: [aSegment('known', '$exists(person.email)')] }))

describe('a long read', () => {
  let store: Store
  let daemon: Daemon
  const clock = fixedClock(testNow)

  /** Each page takes half a minute. */
  const source: OpenSource = {
    check: () => Promise.resolve({ ok: true }),
    discover: () => Promise.resolve([]),
    async *read({ checkpoint }): AsyncIterable<ReadPart> {
      for (let page = typeof checkpoint === 'number' ? checkpoint : 0; page < pages; page++) {
        yield { progress: { done: page, total: pages } }
        clock.advance(30_000)
        yield { records: [{ op: 'upsert', record: { id: String(page), email: `p${String(page)}@x` } }] }
        yield { progress: { done: page + 1, total: pages } }
        yield { checkpoint: page + 1 }
        await Promise.resolve()
      }
    },
  }
  beforeEach(async () => {
    store = await aStore()
    await store.transaction((tx) => tx.run(sqlText`insert into applied values (1, ${param(testNow)}::timestamp, ${param(JSON.stringify(applied))})`))
    let id = 0
    const none = (): never => { throw new Error('there is none') }
    daemon = await Daemon.start({ store, clock, log: silentLog, random: () => 0.5, newId: () => `id-${String(++id)}`, openConnectors: () => Promise.resolve({ openSource: () => source, isContinuous: () => false, openDestination: none, close: () => Promise.resolve() }) })
  })
  afterEach(async () => {
    await daemon.stop()
    await store.close()
  })

  const scheduled: RunOptions = { job: 'Source/crm', only: { kind: 'Source', name: 'crm' } }
  const order: string[] = []
  const note = async (what: string, run: Promise<RunResult>): Promise<RunResult> => {
    const result = await run
    order.push(`${what} ${String(result.profiles.persons)}`)
    return result
  }

  it('is done in slices that are evaluated and can be seen; what else is due comes in between', async () => {
    const whole = runInSlices({ run: (options) => note('slice', daemon.run(options)), isStopped: () => false }, scheduled)
    const between = note('other', daemon.run({ pullsNothing: true })).then(() => readStatus(store, applied))
    const status = await between
    assert.deepEqual(status.streams, [{ source: 'crm', stream: 'People', readAt: '2026-11-23T06:01:00.000Z', quarantined: 0, unfinished: { done: 2, total: 4, perSecond: 2 / 60, leftMs: 60_000 } }])
    await whole
    // Two pages a minute: two slices, and one that finds nothing.
    assert.deepEqual(order, ['slice 2', 'other 2', 'slice 4', 'slice 4'])
    assert.deepEqual(await store.rows(sqlText`select count(*) as people, (select count(*) from membership_log) as moves from person`), [{ people: pages, moves: pages }])
  })

  it('that somebody asks for is done in one', async () => {
    const result = await daemon.run({ only: { kind: 'Source', name: 'crm' } })
    assert.deepEqual([result.batches[0]?.read, result.batches[0]?.unfinished], [pages, undefined])
  })

  it('is left at its next checkpoint when the daemon stops, and goes on from there', async () => {
    const running = runInSlices({ run: (options) => daemon.run(options), isStopped: () => true }, scheduled)
    await daemon.stop()
    const result = await running
    assert.ok(result.batches[0]?.unfinished)
    assert.deepEqual(await store.rows(sqlText`select checkpoint from cursor`), [{ checkpoint: String(result.batches[0].read) }])
  })
})
