import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, fixedClock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import { testNow } from '../testing/a-store.js'
import { dayIn, nextDay } from './days.js'
import { type QuotaLedger, folderLedger, memoryLedger } from './quota-ledger.js'
import { Counters, RateGate } from './rate-gate.js'
import type { Limit } from './sdk.js'

describe('RateGate', () => {
  let now = 0
  beforeEach(() => { now = 0 })
  const clock: Clock = { ...fixedClock(testNow), ticksMs: () => now }
  const aGate = (limits: readonly Limit[], account = new Counters('a'), ledger: QuotaLedger = memoryLedger()): RateGate =>
    new RateGate(limits, { clock, sleep: (ms) => { now += ms; return Promise.resolve() }, account, connection: new Counters('c'), ledger })

  it('lets no more through than each window allows, and never more at once than the limit', async () => {
    const gate = aGate([{ requests: 2, per: '1s', scope: 'account' }, { requests: 3, per: '20s', scope: 'account' }, { concurrency: 1 }])
    const times: number[] = []
    let running = 0
    await Promise.all(Array.from({ length: 5 }, () => gate.through(async () => {
      assert.equal(++running, 1)
      await Promise.resolve()
      times.push(now)
      running--
    })))
    assert.deepEqual(times, [0, 0, 1000, 20_000, 20_000])
  })

  it('goes on after a request that failed', async () => {
    const gate = aGate([{ concurrency: 1 }])
    await assert.rejects(gate.through(() => Promise.reject(new Error('down'))))
    assert.equal(await gate.through(() => Promise.resolve(1)), 1)
  })

  it('counts what all connectors of an account have sent, each against its own number', async () => {
    const account = new Counters('a')
    const [few, many] = [aGate([{ requests: 2, per: '20s', scope: 'account' }], account), aGate([{ requests: 4, per: '20s', scope: 'account' }], account)]
    const times: number[] = []
    const send = (gate: RateGate): Promise<unknown> => gate.through(() => Promise.resolve(times.push(now)))
    for (const gate of [few, few, many, many, many, few]) await send(gate)
    assert.deepEqual(times, [0, 0, 0, 0, 20_000, 20_000])
  })

  it('ends when the day has had its calls, and says until when', async () => {
    const gate = aGate([{ requests: 2, per: '1d', scope: 'account', timeZone: 'America/Chicago' }])
    const send = (): Promise<number> => gate.through(() => Promise.resolve(1))
    assert.deepEqual([await send(), await send()], [1, 1])
    await assert.rejects(send(), (error) => isCdpError(error, 'http/quota-spent') && error.params['until'] === '2026-11-24T06:00:00.000Z' && error.params['retryAfterMs'] === 86_400_000)
    assert.equal(await gate.through(() => Promise.resolve(2), { uncounted: true }), 2)
  })

  it('knows the days of a zone, also when clocks change', () => {
    assert.deepEqual([dayIn('America/Chicago', Date.parse('2026-11-23T05:59:59Z')), dayIn('UTC', Date.parse('2026-11-23T05:59:59Z'))], ['2026-11-22', '2026-11-23'])
    assert.equal(nextDay('America/Chicago', Date.parse('2026-11-01T05:30:00Z')), '2026-11-02T06:00:00.000Z')
    assert.equal(nextDay('Asia/Kathmandu', Date.parse('2026-11-01T05:30:00Z')), '2026-11-01T18:15:00.000Z')
  })
})

describe('folderLedger', () => {
  let folder = ''
  let made = 0
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cdp-quota-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })
  const ledger = (): QuotaLedger => folderLedger(folder, () => `id-${String(++made)}`)
  const takeAll = async (from: QuotaLedger, limit: number): Promise<number> => {
    let taken = 0
    while (taken <= limit && await from.take('marketo 123', '2026-11-23', limit)) taken++
    return taken
  }

  it('gives a day its calls once, whoever asks, and begins again the next day', async () => {
    const [one, other] = [ledger(), ledger()]
    for (let call = 0; call < 500; call++) assert.ok(await one.take('marketo 123', '2026-11-23', 1000))
    assert.equal(await takeAll(other, 1000), 500)
    assert.equal(await one.take('marketo 123', '2026-11-23', 1000), false)
    assert.ok(await one.take('marketo 123', '2026-11-24', 3000))
    assert.ok(await one.take('marketo 999', '2026-11-23', 3000))
  })

  it('survives a restart: what was used is used, what was only set aside is given back or lost, never given twice', async () => {
    const crashed = ledger()
    for (let call = 0; call < 101; call++) await crashed.take('marketo 123', '2026-11-23', 1000)
    const closed = ledger()
    for (let call = 0; call < 101; call++) await closed.take('marketo 123', '2026-11-23', 1000)
    await closed.close()
    assert.equal(await takeAll(ledger(), 1000), 1000 - 105 - 101)
  })

  it('is never overdrawn by many at once', async () => {
    const counts = await Promise.all(Array.from({ length: 5 }, () => takeAll(ledger(), 100)))
    const total = counts.reduce((sum, each) => sum + each, 0)
    assert.ok(total <= 100 && total >= 90, `${String(total)} of 100`)
  })

  it('leaves a reserve to those who may take more', async () => {
    const both = ledger()
    assert.equal(await takeAll(both, 400), 400)
    assert.equal(await takeAll(both, 500), 100)
  })

  it('keeps two days', async () => {
    const one = ledger()
    for (const day of ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24']) await one.take('marketo 123', day, 10)
    assert.deepEqual((await readdir(folder)).sort(), ['marketo_123.2026-11-23', 'marketo_123.2026-11-24'])
  })
})
