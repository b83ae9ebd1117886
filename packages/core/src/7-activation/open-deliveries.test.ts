import assert from 'node:assert/strict'
import { fixedClock, instantFromMs } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'
import { activationCursorTable, identityTable, membershipLogTable, membershipTable, nodeTable, outboxTable, remoteMemberTable, segmentHoldTable, withheldTable } from '../stores/tables.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { Recorder, recorderCapabilities } from '../testing/a-recorder.js'
import { aStore, testNow } from '../testing/a-store.js'
import { addPeople } from '../testing/people.js'
import type { OpenDeliveries } from './delivery.js'
import { type DeliveryFilter, activate, listOpenDeliveries, retryDeliveries, skipDeliveries } from './index.js'

const applied = anApplied(aProject({ destinations: [aDestination('crm'), aDestination('hook')], segments: [aSegment('hot', 'true', { activate: [anActivation('crm'), anActivation('hook')] }), aSegment('new', 'true', { activate: [anActivation('hook')] })] }))
const [crm, hook, hot, fresh] = [1, 2, 3, 4]
const clock = fixedClock(testNow)
const daysAgo = (days: number): string => instantFromMs(clock.nowMs() - days * 86_400_000)

describe('open deliveries', () => {
  let store: Store
  beforeEach(async () => {
    store = await aStore()
    const row = (destination: number, segment: number, id: number, [wanted, state, attempt, since, code]: readonly [string, string, number, string, string | null]): readonly (string | number | null)[] =>
      [destination, segment, id, wanted, 7, state, null, attempt, state === 'waiting' ? testNow : since, since, code, code === null ? null : 'no']
    await store.transaction(async (tx) => {
      await tx.append(outboxTable, [
        row(crm, hot, 1, ['in', 'waiting', 0, testNow, null]), row(crm, hot, 2, ['in', 'waiting', 3, daysAgo(1), 'busy']), row(crm, hot, 3, ['in', 'dead', 1, daysAgo(2), 'bad-email']),
        row(hook, hot, 3, ['out', 'dead', 9, daysAgo(3), 'busy']), row(hook, hot, 4, ['out', 'waiting', 0, testNow, null]),
      ])
      await tx.append(remoteMemberTable, [3, 4].map((id) => [hook, hot, id, null, '{}', '{}', true, testNow, []]))
      await tx.append(identityTable, [['person', 1, 'email', 'ada@x'], ['person', 10, 'b2b_person', '1@crm'], ['person', 3, 'b2b_person', '3@crm']])
      await tx.append(nodeTable, [['person', 1, 1], ['person', 10, 1], ['person', 3, 3]])
    })
  })
  afterEach(async () => { await store.close() })

  const list = (filter: DeliveryFilter = {}, limit = 100): Promise<OpenDeliveries> => listOpenDeliveries(store, applied, { ...filter, limit })
  const ids = async (filter: DeliveryFilter): Promise<readonly string[]> => (await list(filter)).deliveries.map((each) => `${each.id} ${each.status}`)

  it('are counted by destination, segment, status and code, and shown one by one with their reason', async () => {
    const { total, counts, deliveries } = await list()
    assert.equal(total, 5)
    assert.deepEqual(counts.map((each) => [each.destination, each.segment, each.status, each.code, each.count]), [
      ['crm', 'hot', 'dead', 'bad-email', 1], ['crm', 'hot', 'retry', 'busy', 1], ['crm', 'hot', 'waiting', null, 1], ['hook', 'hot', 'dead', 'busy', 1], ['hook', 'hot', 'waiting', null, 1],
    ])
    assert.deepEqual(deliveries.find((each) => each.id === '1-3-1'), { id: '1-3-1', destination: 'crm', segment: 'hot', profile: 1, identity: 'email:ada@x', change: 'add', status: 'waiting', attempt: 0, since: testNow, dueAt: testNow, code: null, message: null })
    assert.deepEqual(deliveries[0], { id: '2-3-3', destination: 'hook', segment: 'hot', profile: 3, identity: 'b2b_person:3@crm', change: 'remove', status: 'dead', attempt: 9, since: daysAgo(3), dueAt: daysAgo(3), code: 'busy', message: 'no' })
  })

  it('are chosen by id, destination, segment, status, code and time', async () => {
    assert.deepEqual(await ids({ ids: ['1-3-2', '9-9-9'] }), ['1-3-2 retry'])
    assert.deepEqual(await ids({ destination: 'hook' }), ['2-3-3 dead', '2-3-4 waiting'])
    assert.deepEqual(await ids({ segment: 'new' }), [])
    assert.deepEqual(await ids({ status: 'dead', code: 'bad-email' }), ['1-3-3 dead'])
    assert.deepEqual(await ids({ since: instantFromMs(clock.nowMs() - 36 * 3_600_000) }), ['1-3-2 retry', '1-3-1 waiting', '2-3-4 waiting'])
    const page = await listOpenDeliveries(store, applied, { limit: 2, offset: 2 })
    assert.deepEqual([page.total, page.deliveries.map((each) => each.id)], [5, ['1-3-2', '1-3-1']])
  })

  it('that a hold keeps back are shown as held, and neither tried nor given up', async () => {
    await store.transaction(async (tx) => {
      await tx.append(segmentHoldTable, [[fresh, 0, 10, '{}', testNow]])
      await tx.append(activationCursorTable, [[hook, fresh, 3, null, null, testNow]])
      await tx.append(membershipLogTable, [[3, fresh, 1, 'entered', 'matched', 'r', testNow], [4, fresh, 2, 'entered', 'matched', 'r', testNow], [5, fresh, 2, 'left', 'matched', 'r', testNow]])
    })
    assert.deepEqual(await ids({ segment: 'new' }), ['2-4-2 held'])
    assert.deepEqual(await retryDeliveries(store, applied, { segment: 'new' }, clock), { chosen: 0, changed: 0 })
    assert.deepEqual(await skipDeliveries(store, applied, { segment: 'new' }), { chosen: 0, changed: 0 })
  })

  it('are tried again at once, those that were given up with three days of their own', async () => {
    assert.deepEqual(await retryDeliveries(store, applied, { code: 'busy' }, clock), { chosen: 2, changed: 2 })
    assert.deepEqual(await store.rows(sqlText`select destination, id, state, attempt, due_at, since from outbox where due_at = ${param(testNow)}::timestamp and code = 'busy' order by id`), [
      { destination: crm, id: 2, state: 'waiting', attempt: 3, due_at: testNow, since: daysAgo(1) }, { destination: hook, id: 3, state: 'waiting', attempt: 0, due_at: testNow, since: testNow },
    ])
  })

  it('that are skipped are not sent, and a later change of the membership is', async () => {
    const recorder = new Recorder()
    const run = (): Promise<unknown> => activate({ store, applied, clock, log: silentLog, random: () => 0.5, connectors: () => ({ open: recorder, capabilities: recorderCapabilities }) })
    await addPeople(store, [1, 2, 3, 4], { _source_keys: [] })
    await store.transaction((tx) => tx.append(activationCursorTable, [crm, hook].map((each) => [each, hot, 7, null, null, testNow])))
    assert.deepEqual(await skipDeliveries(store, applied, { segment: 'hot' }), { chosen: 5, changed: 5 })
    await run()
    assert.equal(recorder.sent.length, 0)
    assert.equal((await list({ status: 'skipped' })).total, 5)
    await store.transaction(async (tx) => {
      await tx.append(membershipLogTable, [[8, hot, 2, 'entered', 'matched', 'r', testNow]])
      await tx.append(membershipTable, [[hot, 2, 'realized', testNow, null]])
    })
    await run()
    assert.deepEqual(recorder.sent.map((each) => each.items.map((item) => item.identities)), [[{ email: 'p2@x' }], [{ email: 'p2@x' }]])
    // Taken back.
    await retryDeliveries(store, applied, { ids: ['1-3-1'] }, clock)
    await run()
    assert.deepEqual(recorder.sent.at(-1)?.items.map((item) => item.identities), [{ email: 'p1@x' }])
  })

  it('that take out somebody who no longer consents are not given up', async () => {
    await store.transaction((tx) => tx.append(withheldTable, [[hook, hot, 4, testNow]]))
    assert.deepEqual(await skipDeliveries(store, applied, { destination: 'hook' }), { chosen: 2, changed: 1 })
    assert.deepEqual(await ids({ destination: 'hook' }), ['2-3-3 skipped', '2-3-4 waiting'])
  })
})
