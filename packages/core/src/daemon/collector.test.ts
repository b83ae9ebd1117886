import assert from 'node:assert/strict'
import type { CollectedRecords } from '../4-ingest/index.js'
import { isCdpError } from '../kernel/error.js'
import { Collector, type Offer } from './collector.js'

/** Offers are told apart by their count. */
const offer = (count: number, bytes = count): Offer => ({ records: [{ stream: { stream: String(count) }, changes: [] } as unknown as CollectedRecords], count, bytes })

class Works {
  readonly batches: string[][] = []
  #release: (() => void) | undefined

  readonly work = async (records: readonly CollectedRecords[]): Promise<void> => {
    this.batches.push(records.map((each) => each.stream.stream))
    await new Promise<void>((resolve) => { this.#release = resolve })
  }

  async release(): Promise<void> {
    this.#release?.()
    await new Promise((resolve) => { setImmediate(resolve) })
  }
}

describe('Collector', () => {
  it('takes a full batch at once, and what comes meanwhile together in the next', async () => {
    const works = new Works()
    const collector = new Collector({ work: works.work, limits: { flushAtRecords: 10, flushAfterMs: 60_000 } })
    const all = [collector.offer(offer(10)), collector.offer(offer(3)), collector.offer(offer(4))]
    await works.release()
    await works.release()
    await Promise.all(all)
    assert.deepEqual(works.batches, [['10'], ['3', '4']])
  })

  it('takes less than a batch after a moment', async () => {
    const batches: number[] = []
    const collector = new Collector({ work: (records) => { batches.push(records.length); return Promise.resolve() }, limits: { flushAfterMs: 1 } })
    await Promise.all([collector.offer(offer(1)), collector.offer(offer(2))])
    assert.deepEqual(batches, [2])
  })

  it('lets batches grow while the queue does, and keeps each offer whole', async () => {
    const works = new Works()
    const collector = new Collector({ work: works.work, limits: { flushAtRecords: 10, mostRecordsPerBatch: 30, flushAfterMs: 60_000 } })
    const all = [10, 9, 8, 7, 6, 5, 4, 3, 2].map((each) => collector.offer(offer(each)))
    for (let turn = 0; turn < 5; turn++) await works.release()
    await Promise.all(all)
    assert.deepEqual(works.batches, [['10'], ['9'], ['8', '7'], ['6', '5', '4', '3', '2']])
  })

  it('asks senders to come later when too much waits, and takes them when it does not', async () => {
    const works = new Works()
    const collector = new Collector({ work: works.work, limits: { flushAtRecords: 1, mostWaitingRecords: 5, mostWaitingBytes: 100 } })
    const taken = [collector.offer(offer(1)), collector.offer(offer(4))]
    await assert.rejects(collector.offer(offer(2)), (error) => isCdpError(error, 'collect/busy'))
    await assert.rejects(collector.offer(offer(1, 97)), (error) => isCdpError(error, 'collect/busy'))
    await works.release()
    taken.push(collector.offer(offer(2)))
    await works.release()
    await works.release()
    await Promise.all(taken)
    assert.deepEqual(works.batches, [['1'], ['4'], ['2']])
  })

  it('tells every sender of a batch that it failed, and goes on with the next', async () => {
    let turn = 0
    const collector = new Collector({ work: () => (turn++ === 0 ? Promise.reject(new Error('disk full')) : Promise.resolve()), limits: { flushAfterMs: 1 } })
    const failed = await Promise.allSettled([collector.offer(offer(1)), collector.offer(offer(2))])
    assert.deepEqual(failed.map((each) => each.status), ['rejected', 'rejected'])
    await collector.offer(offer(3))
  })

  it('finishes what waits when it stops, and takes nothing more', async () => {
    const batches: number[] = []
    const collector = new Collector({ work: (records) => { batches.push(records.length); return Promise.resolve() }, limits: { flushAfterMs: 60_000 } })
    const waiting = collector.offer(offer(1))
    await collector.stop()
    await waiting
    assert.deepEqual(batches, [1])
    await assert.rejects(collector.offer(offer(1)), (error) => isCdpError(error, 'collect/stopping'))
  })
})
