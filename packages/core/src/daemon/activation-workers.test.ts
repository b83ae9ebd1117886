import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Applied } from '../2-plan/applied.js'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { BatchResult } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { membershipLogTable } from '../stores/tables.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { Recorder, recorderCapabilities } from '../testing/a-recorder.js'
import { aStore, testNow } from '../testing/a-store.js'
import { addMoves, addPeople } from '../testing/people.js'
import { ActivationWorkers } from './activation-workers.js'
import { type OpenCircuit, CircuitBreaker, readCircuitLines } from './circuit-breaker.js'
import type { OpenConnectors } from './run.js'

const applied: Applied = anApplied(aProject({
  destinations: [aDestination('down', { batch: { maxRecords: 1 } }), aDestination('fine')],
  segments: [aSegment('hot', 'true', { activate: [anActivation('down'), anActivation('fine')] })],
}))
const segment = 3
const nothing = { added: 0, removed: 0, retried: 0, dead: 0, rejected: 0, deliveries: 0 }

/** Ends when something has become so; a broken promise ends in the time-out of the test. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(2)
}

describe('activation workers', () => {
  let store: Store
  let workers: ActivationWorkers
  let down: Recorder
  let fine: Recorder
  const clock = fixedClock(testNow)
  const opened = { openSource: () => { throw new Error('none') }, isContinuous: () => false, openDestination: ({ spec }: { readonly spec: { readonly name: string } }) => ({ open: spec.name === 'down' ? down : fine, capabilities: recorderCapabilities }), close: () => Promise.resolve() } satisfies OpenConnectors

  beforeEach(async () => {
    store = await aStore()
    ;[down, fine] = [new Recorder(), new Recorder()]
    await addPeople(store, Array.from({ length: 20 }, (_, index) => index + 1), { _source_keys: [] })
    workers = new ActivationWorkers({ store, clock, log: silentLog, random: () => 0.5, lookEveryMs: 1 })
  })
  afterEach(async () => {
    await workers.stop()
    await store.close()
  })

  const enter = async (from: number, to: number): Promise<void> => {
    await addMoves(store, { segment, entered: Array.from({ length: to - from + 1 }, (_, index) => from + index), at: clock.now() })
    workers.wake()
  }
  const advance = (ms: number): void => {
    clock.advance(ms)
    workers.wake()
  }
  const fails = (): Promise<BatchResult> => Promise.reject(new Error('connection refused'))
  const circuits = (): Promise<readonly unknown[]> => readCircuitLines(store, applied)

  it('leave a destination alone that keeps failing, let one request through after a pause, and go on where it works; the others never wait', async () => {
    down.answers = Array.from({ length: 6 }, () => fails)
    await workers.use(applied, opened)
    await enter(1, 8)
    await until(async () => (await circuits()).length === 1 && fine.there.size === 8)
    assert.equal(down.sent.length, 5)
    assert.deepEqual(await circuits(), [{ destination: 'down', openedAt: testNow, probeAt: '2026-11-23T06:00:05.000Z', failures: 5 }])
    // While it is open nothing is sent there, whatever happens.
    await enter(9, 10)
    await until(() => fine.there.size === 10)
    assert.equal(down.sent.length, 5)
    // One request is let through, fails, and the pause is longer.
    advance(5000)
    await until(async () => (await circuits()).some((each) => (each as OpenCircuit).failures === 6))
    assert.deepEqual([down.sent.length, await circuits()], [6, [{ destination: 'down', openedAt: testNow, probeAt: '2026-11-23T06:00:15.000Z', failures: 6 }]])
    // The next one is taken: everything that is due follows.
    advance(10_000)
    await until(async () => down.there.size > 0 && (await circuits()).length === 0)
    advance(120_000)
    await until(() => down.there.size === 10)
  })

  it('keep a circuit open over a restart', async () => {
    down.answers = Array.from({ length: 5 }, () => fails)
    await workers.use(applied, opened)
    await enter(1, 8)
    await until(async () => (await circuits()).length === 1)
    await workers.use(applied, opened)
    await enter(9, 9)
    await until(() => fine.there.size === 9)
    assert.equal(down.sent.length, 5)
  })

  it('keep the order of a profile: while a change is on its way or waits, the next takes its place and is sent after it', async () => {
    let answer: (result: BatchResult) => void = () => undefined
    down.answers = [(request) => new Promise((resolve) => { answer = () => { down.there.add('p1@x'); resolve({ items: request.items.map(({ key }) => ({ key, status: 'ok' })) }) } })]
    await workers.use(applied, opened)
    await enter(1, 1)
    await until(() => down.sent.length === 1)
    // Leaves, enters and leaves again while the first request has no answer.
    await store.transaction(async (tx) => {
      await tx.append(membershipLogTable, ['left', 'entered', 'left'].map((change, index) => [100 + index, segment, 1, change, 'matched', 'r', clock.now()]))
      await tx.run(sqlText`delete from membership where id = ${param(1)}`)
    })
    workers.wake()
    answer({ items: [] })
    await until(() => down.sent.length === 2 && down.there.size === 0)
    assert.deepEqual(down.sent.map((each) => [each.operation, each.items.map((item) => item.identities)]), [['upsert', [{ email: 'p1@x' }]], ['remove', [{ email: 'p1@x' }]]])
  })
})

describe('CircuitBreaker', () => {
  it('opens after five failed requests in a row, doubles its pause up to five minutes, and closes with the first answer', () => {
    const clock = fixedClock(testNow)
    const breaker = new CircuitBreaker({ clock, random: () => 0.5 })
    assert.deepEqual([breaker.note([{ ...nothing, retried: 9, deliveries: 4 }]), breaker.pausedMs()], [false, 0])
    assert.equal(breaker.note([nothing]), false, 'a pass without a request says nothing')
    assert.deepEqual([breaker.note([{ ...nothing, retried: 1, deliveries: 1 }]), breaker.pausedMs()], [true, 5000])
    const pauses = Array.from({ length: 8 }, () => {
      clock.advance(breaker.pausedMs())
      assert.ok(breaker.isProbing)
      breaker.note([{ ...nothing, retried: 1, deliveries: 1 }])
      return breaker.pausedMs() / 1000
    })
    assert.deepEqual(pauses, [10, 20, 40, 80, 160, 300, 300, 300])
    // A refusal is an answer; three days of silence are none.
    assert.equal(breaker.note([{ ...nothing, dead: 3, deliveries: 3 }]), true)
    assert.equal(breaker.pausedMs(), 300_000)
    assert.deepEqual([breaker.note([{ ...nothing, dead: 1, rejected: 1, deliveries: 1 }]), breaker.open], [true, undefined])
  })

  it('opens at once where no request can be made, and is not kept open by a clock that is set back', () => {
    const clock = fixedClock(testNow)
    const breaker = new CircuitBreaker({ clock, random: () => 0.5 })
    breaker.note([{ ...nothing, retried: 3 }])
    assert.equal(breaker.pausedMs(), 5000)
    clock.advance(-86_400_000)
    assert.equal(breaker.pausedMs(), 330_000)
  })
})
