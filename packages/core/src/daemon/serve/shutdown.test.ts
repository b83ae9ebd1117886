import assert from 'node:assert/strict'
import { endWithin } from './shutdown.js'

describe('the end of a daemon', () => {
  const forever = (): Promise<void> => new Promise(() => undefined)

  it('gives up what is waited for, and waits no longer than the deadline', async () => {
    const done: string[] = []
    await endWithin({ abortAfterMs: 60_000, deadlineMs: 60_000 }, { stop: () => Promise.resolve(), abort: () => { done.push('aborted') } })
    assert.equal(done.length, 0)
    await assert.rejects(endWithin({ abortAfterMs: 1, deadlineMs: 20 }, { stop: forever, abort: () => { done.push('aborted') } }), { code: 'daemon/not-finished', exit: 1 })
    assert.deepEqual(done, ['aborted'])
  })
})
