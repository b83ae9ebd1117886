import assert from 'node:assert/strict'
import type { Activation } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import { fixedClock } from '../kernel/clock.js'
import { type Log, silentLog } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { type BatchResult, type DeliveryRequest, type DestinationCapabilities, connectorError } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { Recorder, recorderCapabilities } from '../testing/a-recorder.js'
import { aStore, testNow } from '../testing/a-store.js'
import { addMoves, addPeople } from '../testing/people.js'
import { activate } from './index.js'
import type { Receipts } from './delivery.js'

const capabilities: DestinationCapabilities = { ...recorderCapabilities, defaultPayload: '{ "email": person.email, "status": status, "min": $vars.min }' }

describe('activate', () => {
  let store: Store
  let recorder: Recorder
  let clock = fixedClock(testNow)
  beforeEach(async () => { store = await aStore(); recorder = new Recorder(); clock = fixedClock(testNow) })
  afterEach(async () => { await store.close() })

  const state = (activation: Partial<Activation> = {}, batch?: number): Applied =>
    anApplied(aProject({ sandbox: { name: 'dev', protect: false, vars: { min: 7 } }, destinations: [aDestination('hook', batch === undefined ? {} : { batch: { maxRecords: batch } })], segments: [aSegment('hot', 'true', { activate: [anActivation('hook', activation)] })] }))
  const segmentUid = 2

  const people = (...ids: readonly number[]): Promise<void> => addPeople(store, ids)
  const change = async (entered: readonly number[], left: readonly number[] = []): Promise<void> => {
    for (const id of [...entered, ...left]) await store.run(sqlText`delete from membership where id = ${param(id)}`)
    await addMoves(store, { segment: segmentUid, entered, left, at: clock.now() })
  }
  const run = (applied = state(), options: { readonly retry?: boolean; readonly dryRun?: boolean; readonly log?: Log } = {}): Promise<Receipts> =>
    activate({ store, applied, clock, log: options.log ?? silentLog, random: () => 0.5, connectors: () => ({ open: recorder, capabilities }), ...options })
  const counts = ({ destinations }: Receipts): readonly unknown[] => destinations.map((each) => [each.added, each.removed, each.retried, each.dead, each.waiting, each.deliveries])
  const reject = (status: 'retry' | 'rejected', extra = {}) => (request: DeliveryRequest): Promise<BatchResult> => Promise.resolve({ items: request.items.map(({ key }) => ({ key, status, code: 'x', message: 'no', ...extra })) })
  const minutes = (count: number): void => { clock.advance(count * 60_000) }

  it('sends the members of a new activation, then only changes', async () => {
    await people(1, 2, 3)
    await change([1, 2])
    assert.deepEqual(counts(await run()), [[2, 0, 0, 0, 0, 1]])
    assert.deepEqual(recorder.sent[0]?.items.map((each) => [each.identities, each.payload]), [[{ email: 'p1@x', b2b_person: '1@crm' }, { email: 'p1@x', status: 'realized', min: 7 }], [{ email: 'p2@x', b2b_person: '2@crm' }, { email: 'p2@x', status: 'realized', min: 7 }]])
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 0, 0]])
    await change([3], [1])
    assert.deepEqual(counts(await run()), [[1, 1, 0, 0, 0, 2]])
    assert.deepEqual([...recorder.there].sort(), ['p2@x', 'p3@x'])
    assert.deepEqual(recorder.sent.at(1)?.items.map((each) => each.payload), [{ email: 'p1@x', status: 'exited', min: 7 }])
  })

  it('sends nothing for somebody who entered and left before anything was sent', async () => {
    await people(1)
    await change([1])
    await run()
    await change([], [1])
    await change([1])
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 0, 0]])
  })

  it('sends in batches of the size that the destination asks for', async () => {
    await people(1, 2, 3, 4, 5)
    await change([1, 2, 3, 4, 5])
    assert.deepEqual(counts(await run(state({}, 2))), [[5, 0, 0, 0, 0, 3]])
    assert.deepEqual(recorder.sent.map((each) => each.items.length), [2, 2, 1])
  })

  it('sends the very same request again when it was stopped before the answer', async () => {
    await people(1, 2)
    await change([1, 2])
    // The process dies here: nothing after the request is reached.
    recorder.answers = [() => new Promise(() => undefined)]
    void run()
    while (recorder.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(counts(await run()), [[2, 0, 0, 0, 0, 1]])
    assert.deepEqual(recorder.sent.map((each) => [each.id, each.items]), [[recorder.sent[0]?.id, recorder.sent[0]?.items], [recorder.sent[0]?.id, recorder.sent[0]?.items]])
  })

  it('tries again later what was not taken, with growing waits, and gives up after three days', async () => {
    await people(1)
    await change([1])
    recorder.answers = Array.from({ length: 40 }, () => reject('retry'))
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 1, 1]])
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 1, 0]])
    minutes(1.1)
    assert.deepEqual(counts(await run()), [[0, 0, 1, 0, 1, 1]])
    let tries = 0
    for (let hours = 0; hours < 80; hours++) {
      minutes(60)
      tries += (await run()).destinations[0]?.deliveries ?? 0
    }
    assert.ok(tries > 5 && tries < 20, String(tries))
    assert.deepEqual(await store.rows(sqlText`select state, code, message from outbox`), [{ state: 'dead', code: 'x', message: 'no' }])
  })

  it('waits as long as the destination asks, and tries at once when told to', async () => {
    await people(1)
    await change([1])
    recorder.answers = [reject('retry', { retryAfterMs: 3_600_000 })]
    await run()
    minutes(30)
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 1, 0]])
    assert.deepEqual(counts(await run(state(), { retry: true })), [[1, 0, 0, 0, 0, 1]])
  })

  it('waits as long as an error of the connector asks', async () => {
    await people(1)
    await change([1])
    recorder.answers = [() => Promise.reject(connectorError('limited', { reason: 'too many calls', hint: 'later', retryAfterMs: 3_600_000 }))]
    await run()
    minutes(59)
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 1, 0]])
    minutes(2)
    assert.deepEqual(counts(await run()), [[1, 0, 0, 0, 0, 1]])
  })

  it('keeps what is refused as a dead letter with the reason, and takes the others', async () => {
    await people(1, 2)
    await change([1, 2])
    recorder.answers = [(request) => Promise.resolve({ items: request.items.map(({ key }, index) => (index === 0 ? { key, status: 'rejected', code: 'bad-email', message: 'no such mailbox' } : { key, status: 'ok' })) })]
    assert.deepEqual(counts(await run()), [[1, 0, 0, 1, 0, 1]])
    assert.deepEqual(await store.rows(sqlText`select status, code, message from receipt order by id`), [{ status: 'rejected', code: 'bad-email', message: 'no such mailbox' }, { status: 'ok', code: null, message: null }])
    await change([], [1])
    assert.deepEqual(counts(await run()), [[0, 0, 0, 0, 0, 0]], 'who never got in need not be taken out')
  })

  it('tries again a record for which the connector gave no result, or two', async () => {
    await people(1, 2)
    await change([1, 2])
    recorder.answers = [({ items: [first] }) => Promise.resolve({ items: [{ key: first?.key ?? '', status: 'ok' }, { key: first?.key ?? '', status: 'ok' }] })]
    assert.deepEqual(counts(await run()), [[0, 0, 2, 0, 2, 1]])
  })

  it('takes out whom a request without an answer may have put in', async () => {
    await people(1)
    await change([1])
    recorder.answers = [({ items }) => { for (const each of items) recorder.there.add((each.payload as { email: string }).email); return Promise.reject(new Error('no answer in time')) }]
    await run()
    await change([], [1])
    assert.deepEqual(counts(await run()), [[0, 1, 0, 0, 0, 1]])
    assert.deepEqual([...recorder.there], [])
  })

  it('puts back in whom a request without an answer may have taken out', async () => {
    await people(1)
    await change([1])
    await run()
    await change([], [1])
    recorder.answers = [() => { recorder.there.clear(); return Promise.reject(new Error('no answer in time')) }]
    await run()
    await change([1])
    assert.deepEqual(counts(await run()), [[1, 0, 0, 0, 0, 1]])
    assert.deepEqual([...recorder.there], ['p1@x'])
  })

  it('leaves a destination alone that fails five times in a row', async () => {
    await people(1, 2, 3, 4, 5, 6, 7, 8)
    await change([1, 2, 3, 4, 5, 6, 7, 8])
    recorder.answers = Array.from({ length: 8 }, () => () => Promise.reject(new Error('down')))
    assert.deepEqual(counts(await run(state({}, 1))), [[0, 0, 5, 0, 8, 5]])
  })

  it('takes people out under the identity that they were put in with', async () => {
    await people(1, 2)
    await change([1, 2])
    await run()
    await store.transaction((tx) => tx.run(sqlText`update person set email = 'new@x' where _id = 1`))
    await store.transaction((tx) => tx.run(sqlText`delete from person where _id = 2`))
    await change([], [2])
    await run()
    assert.deepEqual([...recorder.there], ['new@x'])
  })

  it('clears the audience of a removed activation, or keeps it when told to', async () => {
    for (const onRemove of ['clear', 'keep'] as const) {
      store = await aStore()
      recorder = new Recorder()
      await people(1)
      await change([1])
      const applied = state({ onRemove })
      await run(applied)
      const segment = applied.segments['hot']
      assert.ok(segment)
      const retired: Applied = { ...applied, segments: {}, retired: [{ segment, destinations: ['hook'], segmentRemoved: true }] }
      await run(retired)
      assert.deepEqual([...recorder.there], onRemove === 'clear' ? [] : ['p1@x'])
      assert.deepEqual(await store.rows(sqlText`select * from remote_member union all select * from remote_member`), [])
      await run(applied)
      assert.deepEqual([...recorder.there], ['p1@x'], 'an activation that comes back starts with everybody')
    }
  })

  it('keeps the changes of a destination whose body is broken, and tells it', async () => {
    await people(1)
    await change([1])
    const broken = state()
    const hook = broken.destinations['hook']
    assert.ok(hook)
    const told: string[] = []
    const log: Log = { write: (_, message) => { told.push(message) } }
    assert.deepEqual(counts(await run({ ...broken, destinations: { hook: { ...hook, spec: { ...hook.spec, config: { body: '$error("no")' } } } } }, { log })), [[0, 0, 1, 0, 1, 0]])
    assert.match(told[0] ?? '', /hook: D3137/)
    assert.deepEqual(counts(await run()), [[1, 0, 0, 0, 0, 1]])
  })

  it('sends nothing in a dry run, and to a destination that is set dry', async () => {
    await people(1)
    await change([1])
    assert.deepEqual(counts(await run(state(), { dryRun: true })), [[0, 0, 0, 0, 1, 0]])
    assert.deepEqual(recorder.sent, [])
  })
})
