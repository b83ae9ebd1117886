import assert from 'node:assert/strict'
import type { Destination, Segment } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import { account } from '../entities/standard-entities.js'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import type { BatchResult, DeliveryRequest } from '../plugins/sdk.js'
import { unifiedTable } from '../stores/entity-tables.js'
import type { Store, StoreRow, StoreValue } from '../stores/store.js'
import { personAccountTable, profileChangeTable, segmentHoldTable } from '../stores/tables.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { Recorder, recorderCapabilities } from '../testing/a-recorder.js'
import { aStore, testNow } from '../testing/a-store.js'
import { addMoves, addPeople } from '../testing/people.js'
import type { Receipts } from './delivery.js'
import { activate } from './index.js'

const email = 'consents.marketing.email'
const segmentUid = 2
const refuse = (status: 'retry' | 'rejected') => (request: DeliveryRequest): Promise<BatchResult> => Promise.resolve({ items: request.items.map(({ key }) => ({ key, status, code: 'x' })) })

describe('consent at send time', () => {
  let store: Store
  let recorder: Recorder
  let clock = fixedClock(testNow)
  beforeEach(async () => { store = await aStore(); recorder = new Recorder(); clock = fixedClock(testNow) })
  afterEach(async () => { await store.close() })

  const state = (destination: Partial<Destination> = {}, segment: Partial<Segment> = {}, config: Destination['config'] = {}): Applied => anApplied(aProject({
    destinations: [aDestination('hook', config, { consent: { require: ['marketing.email'], onUnknown: 'send' }, ...destination })],
    segments: [aSegment('hot', 'true', { activate: [anActivation('hook')], ...segment })],
  }))
  const run = async (applied = state(), options: { readonly dryRun?: boolean } = {}): Promise<Receipts> => {
    clock.advance(1000)
    return activate({ store, applied, clock, log: silentLog, random: () => 0.5, connectors: () => ({ open: recorder, capabilities: recorderCapabilities }), ...options })
  }
  /** Added, removed, withheld, waiting, requests. */
  const counts = ({ destinations }: Receipts): readonly unknown[] => destinations.map((each) => [each.added, each.removed, each.withheld, each.waiting, each.deliveries])
  const sent = (): readonly string[] => recorder.sent.map(({ operation, items }) => `${operation} ${items.map((each) => each.identities['email'] ?? '').join(' ')}`)

  const people = (...ids: readonly number[]): Promise<void> => addPeople(store, ids)
  /** A field of a person changes, as an update of profiles would do it. */
  const set = async (id: number, field: string, value: StoreValue): Promise<void> => {
    await store.transaction(async (tx) => {
      await tx.run(sqlText`update person set ${name(field)} = ${param(value)} where _id = ${param(id)}`)
      const { seq } = await tx.row<{ seq: number }>(sqlText`select coalesce(max(seq), 0) + 1 as seq from profile_change`)
      await tx.append(profileChangeTable, [[seq, 'person', id, 'changed', null, clock.now()]])
    })
  }
  const move = async (entered: readonly number[], left: readonly number[] = []): Promise<void> => {
    for (const id of [...entered, ...left]) await store.run(sqlText`delete from membership where id = ${param(id)}`)
    await addMoves(store, { segment: segmentUid, entered, left, at: clock.now() })
  }

  it('sends nobody who refuses, and everybody else', async () => {
    await people(1, 2, 3)
    await set(2, email, 'n')
    await set(3, 'unsubscribed', true)
    await move([1, 2, 3])
    assert.deepEqual(counts(await run()), [[1, 0, 2, 0, 1]])
    assert.deepEqual(sent(), ['upsert p1@x'])
    assert.deepEqual(counts(await run()), [[0, 0, 2, 0, 0]])
  })

  it('takes out whoever withdraws consent, once, and puts them in when they give it again', async () => {
    await people(1, 2)
    await move([1, 2])
    await run()
    await set(1, email, 'n')
    assert.deepEqual(counts(await run()), [[0, 1, 1, 0, 1]])
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 0]])
    await set(1, 'title', 'CEO')
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 0]])
    await set(1, email, 'y')
    assert.deepEqual(counts(await run()), [[1, 0, 0, 0, 1]])
    assert.deepEqual(sent(), ['upsert p1@x p2@x', 'remove p1@x', 'upsert p1@x'])
    const ids = recorder.sent.map((each) => each.id)
    assert.equal(new Set(ids).size, 3, 'the second addition is another delivery than the first')
  })

  it('sends nothing for a withdrawal that is taken back before anything was sent', async () => {
    await people(1)
    await move([1])
    await run()
    await set(1, email, 'n')
    await run(state(), { dryRun: true })
    await set(1, email, 'y')
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 0]])
  })

  it('removes whom a request without an answer may have put in, and nobody who never got in', async () => {
    await people(1, 2)
    await move([1])
    recorder.answers = [refuse('retry')]
    await run()
    await set(1, email, 'n')
    assert.deepEqual(counts(await run()), [[0, 1, 1, 0, 1]])
    await move([2])
    recorder.answers = [refuse('rejected')]
    await run()
    await set(2, email, 'n')
    assert.deepEqual(counts(await run()), [[0, 0, 2, 0, 0]])
    await set(2, email, 'y')
    assert.deepEqual(counts(await run()), [[1, 0, 1, 0, 1]])
  })

  it('does not repeat after a crash a request with somebody who withdrew consent meanwhile', async () => {
    await people(1, 2)
    await move([1, 2])
    recorder.answers = [() => new Promise(() => undefined)]
    void run()
    while (recorder.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await set(1, email, 'n')
    assert.deepEqual(counts(await run()), [[1, 1, 1, 0, 2]])
    assert.deepEqual(sent(), ['upsert p1@x p2@x', 'remove p1@x', 'upsert p2@x'])
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 0]])
    assert.deepEqual([...recorder.there], ['p2@x'])
  })

  it('asks again right before sending: consent may be withdrawn while others are sent', async () => {
    await people(1, 2)
    await move([1, 2])
    recorder.answers = [async ({ items }) => { await set(2, email, 'n'); return { items: items.map(({ key }) => ({ key, status: 'ok' })) } }]
    assert.deepEqual(counts(await run(state({}, {}, { batch: { maxRecords: 1 } }))), [[1, 0, 1, 0, 1]])
    assert.deepEqual(sent(), ['upsert p1@x'])
    await set(2, email, 'y')
    assert.deepEqual(counts(await run()), [[1, 0, 0, 0, 1]])
  })

  it('keeps out who leaves, comes back or has another e-mail while they do not consent', async () => {
    await people(1, 2)
    await set(1, email, 'n')
    await move([1, 2])
    assert.deepEqual(counts(await run()), [[1, 0, 1, 0, 1]])
    await move([], [1])
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 0]])
    await move([1])
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 0]])
    await move([], [1])
    await move([1])
    await set(1, 'email', 'new@x')
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 0]])
    await set(1, email, null)
    await run()
    assert.deepEqual(sent(), ['upsert p2@x', 'upsert new@x'])
  })

  it('gives up on a removal that is refused, and does not put them in again under a new e-mail', async () => {
    await people(1, 2)
    await move([1, 2])
    await run()
    await set(1, email, 'n')
    await move([], [2])
    recorder.answers = [refuse('rejected')]
    await run()
    for (const id of [1, 2]) await set(id, 'email', `new${String(id)}@x`)
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 0]])
    assert.deepEqual(sent(), ['upsert p1@x p2@x', 'remove p1@x p2@x'])
  })

  it('puts in again who consents while it is not clear whether they were taken out', async () => {
    await people(1)
    await move([1])
    await run()
    await set(1, email, 'n')
    recorder.answers = [refuse('retry')]
    await run()
    await set(1, email, 'y')
    assert.deepEqual(counts(await run()), [[1, 0, 0, 0, 1]])
  })

  it('asks everybody anew when the destination asks for something else', async () => {
    await people(1, 2, 3)
    await set(1, 'consents.share', 'n')
    await set(2, email, 'y')
    await move([1, 2, 3])
    assert.deepEqual(counts(await run()), [[3, 0, 0, 0, 1]])
    assert.deepEqual(counts(await run(state({ consent: { require: ['share'], onUnknown: 'send' } }))), [[0, 1, 1, 0, 1]])
    assert.deepEqual(counts(await run(state({ consent: { require: ['marketing.email'], onUnknown: 'withhold' } }))), [[0, 1, 2, 0, 1]])
    assert.deepEqual(counts(await run(state({ consent: { require: [], onUnknown: 'send' } }))), [[2, 0, 0, 0, 1]])
  })

  it('asks everybody of an activation that was begun before consent was kept', async () => {
    await people(1, 2)
    await move([1, 2])
    await run()
    await set(1, email, 'n')
    await store.transaction((tx) => tx.run(sqlText`update activation_cursor set profile_seq = 99, consent = null, "at" = null`))
    assert.deepEqual(counts(await run()), [[0, 1, 1, 0, 1]])
  })

  it('takes people out of the audience of a held segment, and does nothing else there', async () => {
    await people(1, 2, 3)
    await move([1, 2])
    await run()
    await move([3], [2])
    await set(1, email, 'n')
    await store.transaction((tx) => tx.append(segmentHoldTable, [[segmentUid, 0, 2, '{}', clock.now()]]))
    assert.deepEqual(counts(await run()), [[0, 1, 1, 0, 1]])
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 0]])
    await store.transaction((tx) => tx.run(sqlText`delete from segment_hold`))
    assert.deepEqual(counts(await run()), [[1, 1, 1, 0, 2]])
    assert.deepEqual(sent(), ['upsert p1@x p2@x', 'remove p1@x', 'remove p2@x', 'upsert p3@x'])
  })

  it('begins no audience for a held segment', async () => {
    await people(1)
    await move([1])
    await store.transaction((tx) => tx.append(segmentHoldTable, [[segmentUid, 0, 0, '{}', clock.now()]]))
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 0]])
    assert.deepEqual(await store.rows(sqlText`select * from activation_cursor`), [])
  })

  it('forgets who was withheld when the activation is removed', async () => {
    await people(1, 2)
    await set(1, email, 'n')
    await move([1, 2])
    const applied = state()
    await run(applied)
    const segment = applied.segments['hot']
    assert.ok(segment)
    await run({ ...applied, segments: {}, retired: [{ segment, destinations: ['hook'], segmentRemoved: true }] })
    assert.deepEqual([sent(), await store.rows(sqlText`select id from withheld`)], [['upsert p2@x', 'remove p2@x'], []])
  })

  it('leaves out of the payload of an account those of its people who refuse', async () => {
    await people(1, 2)
    await set(1, email, 'n')
    const [table, acme] = [unifiedTable(account), { _id: 9, _source_keys: ['acme@crm'], name: 'Acme' } as StoreRow]
    await store.transaction((tx) => tx.append(table, [table.columns.map((column) => acme[column.name] ?? null)]))
    await store.transaction((tx) => tx.append(personAccountTable, [[1, 9, true, false, false], [2, 9, true, false, false]]))
    await move([9])
    await run(state({}, { entity: 'account' }, { body: '{ "name": account.name, "people": [people.email] }' }))
    assert.deepEqual(recorder.sent.map(({ items }) => items.map((each) => each.payload)), [[{ name: 'Acme', people: ['p2@x'] }]])
  })

  it('removes who left while their request was on its way and a dry run came between', async () => {
    await people(1)
    await move([1])
    recorder.answers = [({ items }) => { recorder.there.add('p1@x'); return new Promise(() => items) }]
    void run()
    while (recorder.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await move([], [1])
    await run(state(), { dryRun: true })
    await run()
    assert.deepEqual([...recorder.there], [])
  })

  it('waits for the answer of a job before it takes out those who are in it', async () => {
    await people(1)
    await move([1])
    const keys: string[] = []
    let isDone = false
    recorder.answers = [({ items }) => { keys.push(...items.map((each) => each.key)); return Promise.resolve({ job: { id: 'j1', pollAfterMs: 1000 } }) }]
    const open = Object.assign(recorder, { poll: (): Promise<BatchResult> => Promise.resolve(isDone ? { items: keys.map((key) => ({ key, status: 'ok' })) } : { job: { id: 'j1', pollAfterMs: 1000 } }) })
    assert.deepEqual(counts(await run()), [[0, 0, 0, 1, 0]])
    await set(1, email, 'n')
    assert.deepEqual(counts(await run()), [[0, 0, 1, 1, 0]])
    isDone = true
    assert.deepEqual(counts(await run()), [[1, 1, 1, 0, 2]])
    assert.deepEqual([open.sent.length, sent().at(-1)], [2, 'remove p1@x'])
  })
})
