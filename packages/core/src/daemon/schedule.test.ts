import assert from 'node:assert/strict'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { aDestination, aProject, aSegment, aSource, anApplied } from '../testing/a-project.js'
import { aStore } from '../testing/a-store.js'
import type { Store } from '../stores/store.js'
import type { RunOptions } from './run.js'
import { Scheduler, toJobs } from './schedule.js'

const project = aProject({
  timezone: 'Europe/Madrid',
  destinations: [aDestination('lists', { }, { reconcile: '0 5 * * 0' })],
  sources: [aSource('crm', { schedule: '*/15 * * * *' }), aSource('files')],
  segments: [
    aSegment('large', 'accounts[employees > 5]', { schedule: '0 6 * * *' }), aSegment('deals', '$exists(opportunities)', { schedule: '0 6 * * *' }),
    aSegment('hot', '$exists(events[timestamp > $daysAgo(7)])', { lane: 'streaming' }), aSegment('known', '$exists(person.email)', { lane: 'streaming' }),
    aSegment('near', '$exists(accounts)', { lane: 'on-change', schedule: '0 7 * * 1' }),
  ],
})
const hour = 3_600_000
/** Jobs that end at once have ended. */
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

describe('toJobs', () => {
  it('reads sources, evaluates the segments of one schedule together, sweeps the windows, and looks at everything once a day', () => {
    assert.deepEqual(toJobs(anApplied(project)).map((each) => [each.name, each.options]), [
      ['Source/crm', { only: { kind: 'Source', name: 'crm' }, segments: 'touched' }],
      ['segments 0 6 * * *', { pullsNothing: true, segments: ['deals', 'large'] }],
      ['segments 0 7 * * 1', { pullsNothing: true, segments: ['near'] }],
      ['sweep', { pullsNothing: true, segments: ['hot', 'near'] }],
      ['reconcile lists', { pullsNothing: true, segments: [], reconcile: true, only: { kind: 'Destination', name: 'lists' } }],
      ['daily', {}],
    ])
    assert.deepEqual(toJobs({ ...anApplied(project), serial: 0 }), [])
  })
})

describe('Scheduler', () => {
  let store: Store
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  const aScheduler = async (at: string, run: (options: RunOptions) => Promise<unknown> = () => Promise.resolve()): Promise<{ readonly clock: ReturnType<typeof fixedClock>; readonly scheduler: Scheduler }> => {
    const clock = fixedClock(at)
    const scheduler = new Scheduler({ store, clock, log: silentLog, run })
    await scheduler.use(anApplied(project))
    return { clock, scheduler }
  }

  it('starts each job at its minute in the project’s time zone, and once', async () => {
    const { clock, scheduler } = await aScheduler('2026-11-23T04:51:00.000Z')
    assert.deepEqual(await scheduler.look(), [])
    clock.advance(8 * 60_000)
    assert.deepEqual(await scheduler.look(), ['sweep'])
    await settled()
    // 06:00 in Madrid.
    clock.advance(60_000)
    assert.deepEqual(await scheduler.look(), ['Source/crm', 'segments 0 6 * * *', 'sweep'])
    assert.deepEqual(await scheduler.look(), [])
    await settled()
    clock.advance(hour)
    assert.deepEqual(await scheduler.look(), ['Source/crm', 'segments 0 7 * * 1', 'sweep'])
  })

  it('does once what was missed while nobody served', async () => {
    await aScheduler('2026-11-23T08:00:00.000Z')
    const { scheduler } = await aScheduler('2026-11-26T08:00:30.000Z')
    assert.deepEqual(await scheduler.look(), ['Source/crm', 'segments 0 6 * * *', 'sweep', 'daily'])
    assert.deepEqual(await scheduler.look(), [])
  })

  it('starts no job that still runs, and goes on after one that failed', async () => {
    let end: () => void = () => undefined
    const started: string[] = []
    const { clock, scheduler } = await aScheduler('2026-11-24T10:14:00.000Z', ({ job = '' }) => {
      started.push(job)
      if (job === 'sweep') return Promise.reject(new Error('no'))
      return new Promise<void>((resolve) => { end = resolve })
    })
    clock.advance(60_000)
    assert.deepEqual(await scheduler.look(), ['Source/crm', 'sweep'])
    await settled()
    clock.advance(15 * 60_000)
    assert.deepEqual(await scheduler.look(), ['sweep'])
    end()
    await settled()
    // What came due while it ran was missed: it is done once, now.
    assert.deepEqual(await scheduler.look(), ['Source/crm'])
    assert.deepEqual(started, ['Source/crm', 'sweep', 'sweep', 'Source/crm'])
  })
})
