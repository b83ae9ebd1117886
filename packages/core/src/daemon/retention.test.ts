import assert from 'node:assert/strict'
import type { Retention, Segment } from '../1-project/project.js'
import { fixedClock, instantFromMs } from '../kernel/clock.js'
import { name, sqlText } from '../kernel/sql-text.js'
import { rawTable, unifiedTable } from '../stores/entity-tables.js'
import { standardEntities } from '../entities/standard-entities.js'
import type { Store, StoreValue, Table } from '../stores/store.js'
import { activationCursorTable, deliveryTable, membershipLogTable, profileChangeTable, receiptTable, runTable, segmentHoldTable, segmentStateTable } from '../stores/tables.js'
import { aDestination, aProject, aSegment, aSource, anActivation, anApplied } from '../testing/a-project.js'
import { aStore, testNow } from '../testing/a-store.js'
import { type Forgotten, forgetOld } from './retention.js'

const clock = fixedClock(testNow)
const daysAgo = (days: number): string => instantFromMs(clock.nowMs() - days * 86_400_000)
const [source, hook, hot] = [1, 2, 3]

describe('what is kept no longer', () => {
  let store: Store
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  const put = (table: Table, rows: readonly (readonly StoreValue[])[]): Promise<void> => store.transaction((tx) => tx.append(table, rows))
  const left = async (table: string, column: string): Promise<readonly unknown[]> => (await store.rows(sqlText`select ${name(column)} as c from ${name(table)} order by c`)).map((each) => each['c'])
  const forget = (retention?: Retention, ...segments: readonly Segment[]): Promise<Forgotten> => {
    const all = segments.length > 0 ? segments : [aSegment('hot', '$exists(person.email)', { activate: [anActivation('hook')] })]
    const streams = [{ name: 'Visits', entity: 'event', key: 'id', map: {}, config: {} }]
    return forgetOld({ store, clock, applied: anApplied(aProject({ sandbox: { name: 'dev', protect: false, vars: {}, ...(retention ? { retention } : {}) }, sources: [aSource('web', { streams })], destinations: [aDestination('hook')], segments: all })) })
  }

  it('goes: old changes and moves that everybody has read, old answers and runs; never the newest of a log', async () => {
    await put(profileChangeTable, [1, 2, 3, 4].map((seq) => [seq, 'person', seq, 'changed', null, daysAgo(seq < 3 ? 8 : 6)]))
    await put(membershipLogTable, [1, 2, 3].map((seq) => [seq, hot, seq, 'entered', 'matched', 'r', daysAgo(91)]))
    await put(segmentStateTable, [[hot, '', 4, testNow, 4, '{}']])
    await put(activationCursorTable, [[hook, hot, 3, 4, null, testNow]])
    await put(deliveryTable, [['old', hook, hot, 'upsert', '[]', 1, 1, 'done', daysAgo(31), daysAgo(31), null], ['open', hook, hot, 'upsert', '[]', 1, 1, 'sending', daysAgo(31), null, null], ['new', hook, hot, 'upsert', '[]', 1, 1, 'done', daysAgo(29), daysAgo(29), null]])
    await put(receiptTable, [['old', hook, hot, 1, 'a', 'ok', null, null, daysAgo(31)], ['new', hook, hot, 1, 'b', 'ok', null, null, daysAgo(29)]])
    await put(runTable, [['a', 1, daysAgo(92), daysAgo(91), 'done', null], ['b', 1, daysAgo(92), null, 'interrupted', null], ['c', 1, daysAgo(92), null, 'running', null], ['d', 1, daysAgo(1), daysAgo(1), 'done', null]])
    assert.deepEqual(await forget(), { events: 0, changes: 2, moves: 2, receipts: 1, runs: 2 })
    assert.deepEqual([await left('profile_change', 'seq'), await left('membership_log', 'seq'), await left('delivery', 'delivery'), await left('receipt', 'item'), await left('run', 'run')], [[3, 4], [3], ['new', 'open'], ['b'], ['c', 'd']])
  })

  it('stays, however old: what a segment, an activation or a hold has still to read', async () => {
    await put(profileChangeTable, [1, 2, 3, 4].map((seq) => [seq, 'person', seq, 'changed', null, daysAgo(100)]))
    await put(membershipLogTable, [1, 2, 3, 4].map((seq) => [seq, hot, seq, 'entered', 'matched', 'r', daysAgo(100)]))
    await put(segmentStateTable, [[hot, '', 2, testNow, 4, '{}']])
    await put(activationCursorTable, [[hook, hot, 3, 3, null, testNow]])
    await put(segmentHoldTable, [[hot, 1, 4, '{}', daysAgo(100)]])
    assert.deepEqual(await forget(), { events: 0, changes: 2, moves: 1, receipts: 0, runs: 0 })
    assert.deepEqual([await left('profile_change', 'seq'), await left('membership_log', 'seq')], [[3, 4], [2, 3, 4]])
  })

  it('goes as the sandbox says, and events only when no window looks back to them, with their raw records', async () => {
    const event = standardEntities['event']
    assert.ok(event)
    const [table, raw] = [unifiedTable(event), rawTable(source, 'Visits')]
    await store.ensureTable(raw)
    const ages = [100, 40, 20, 1]
    await put(table, ages.map((days, index) => table.columns.map((each) => (each.name === '_seq' ? index + 1 : each.name === '_source_key' ? String(days) : each.name === 'timestamp' ? daysAgo(days) : null))))
    await put(raw, ages.map((days, index) => [index + 1, String(days), 'upsert', testNow, '{}']))
    assert.equal((await forget()).events, 0, 'events are kept unless told')
    assert.equal((await forget({ eventDays: 10 }, aSegment('ever', '$exists(events[eventType = "Bought"])'))).events, 0, 'somebody reads all of them')
    assert.equal((await forget({ eventDays: 10 }, aSegment('month', '$exists(events[timestamp > $daysAgo(30)])'))).events, 2)
    assert.deepEqual([await left('event', '_seq'), await left(raw.name, 'seq')], [[3, 4], [3, 4]])
    assert.equal((await forget({ eventDays: 10 })).events, 1)
    assert.deepEqual([await left('event', '_seq'), await left(raw.name, 'seq')], [[4], [4]])
  })
})
