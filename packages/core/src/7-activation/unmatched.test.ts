import assert from 'node:assert/strict'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { BatchResult, DeliveryRequest, DestinationCapabilities } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { profileChangeTable } from '../stores/tables.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { Recorder, recorderCapabilities } from '../testing/a-recorder.js'
import { aStore, testNow } from '../testing/a-store.js'
import { addMoves, addPeople } from '../testing/people.js'
import { activate, reconcile } from './index.js'

const capabilities: DestinationCapabilities = { ...recorderCapabilities, createsMissing: false }

describe('people whom a destination does not know', () => {
  let store: Store
  let recorder: Recorder
  let clock = fixedClock(testNow)
  const applied = anApplied(aProject({ destinations: [aDestination('hook')], segments: [aSegment('hot', 'true', { activate: [anActivation('hook')] })] }))
  const segment = applied.segments['hot']?.uid ?? 0
  const unknown = ({ items }: DeliveryRequest): Promise<BatchResult> => Promise.resolve({ items: items.map(({ key }) => ({ key, status: 'unmatched', code: 'hook/no-match', message: `no “${key}”` })) })
  const run = async (): Promise<readonly unknown[]> => {
    clock.advance(60_000)
    const { destinations } = await activate({ store, applied, clock, log: silentLog, random: () => 0.5, connectors: () => ({ open: recorder, capabilities }) })
    return destinations.map((each) => [each.added, each.removed, each.retried, each.dead, each.waiting, each.unmatched])
  }
  const move = (entered: readonly number[], left: readonly number[] = []): Promise<void> => addMoves(store, { segment, entered, left, at: clock.now() })
  const open = (): Promise<readonly unknown[]> => store.rows(sqlText`select id, state, code, message from outbox order by id`)

  beforeEach(async () => {
    store = await aStore()
    recorder = new Recorder()
    clock = fixedClock(testNow)
    await addPeople(store, [1, 2])
    await move([1, 2])
    recorder.answers = [unknown]
    assert.deepEqual(await run(), [[0, 0, 0, 0, 0, 2]])
  })
  afterEach(async () => { await store.close() })

  it('are told with the reason, are neither failed nor waiting, and are left alone as long as they are the same', async () => {
    assert.deepEqual(await open(), [{ id: 1, state: 'unmatched', code: 'hook/no-match', message: `no “${String(segment)}:1:2”` }, { id: 2, state: 'unmatched', code: 'hook/no-match', message: `no “${String(segment)}:2:2”` }])
    clock.advance(4 * 86_400_000)
    assert.deepEqual(await run(), [[0, 0, 0, 0, 0, 2]])
    assert.equal(recorder.sent.length, 1)
    assert.deepEqual(await store.rows(sqlText`select count(*) as count from remote_member`), [{ count: 0 }])
  })

  it('are asked for again when their profile changes', async () => {
    await store.transaction((tx) => tx.append(profileChangeTable, [[1, 'person', 2, 'changed', null, clock.now()], [2, 'account', 1, 'changed', null, clock.now()]]))
    assert.deepEqual(await run(), [[1, 0, 0, 0, 0, 1]])
    assert.deepEqual([...recorder.there], ['p2@x'])
    assert.notEqual(recorder.sent[1]?.id, recorder.sent[0]?.id)
  })

  it('are asked for again when audiences are reconciled', async () => {
    await reconcile({ store, applied, clock, connectors: () => ({ open: recorder, capabilities }), only: 'other' })
    assert.deepEqual(await run(), [[0, 0, 0, 0, 0, 2]])
    await reconcile({ store, applied, clock, connectors: () => ({ open: recorder, capabilities }) })
    assert.deepEqual(await run(), [[2, 0, 0, 0, 0, 0]])
    assert.deepEqual(await open(), [])
  })

  it('are forgotten when they leave the segment, with nothing sent', async () => {
    await store.run(sqlText`update membership set status = 'exited' where id = ${param(1)}`)
    await move([], [1])
    assert.deepEqual(await run(), [[0, 0, 0, 0, 0, 1]])
    assert.equal(recorder.sent.length, 1)
  })

  it('are out already when they are to be taken out', async () => {
    await reconcile({ store, applied, clock, connectors: () => ({ open: recorder, capabilities }) })
    await run()
    await move([], [1])
    recorder.answers = [unknown]
    assert.deepEqual(await run(), [[0, 1, 0, 0, 0, 0]])
    assert.deepEqual([await open(), await store.rows(sqlText`select id from remote_member`)], [[], [{ id: 2 }]])
  })
})
