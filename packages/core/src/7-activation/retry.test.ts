import assert from 'node:assert/strict'
import { instantFromMs } from '../kernel/clock.js'
import { testNow } from '../testing/a-store.js'
import { nextTry } from './retry.js'

const startMs = Date.parse(testNow)
const since = instantFromMs(startMs)

/** Hours after the start of each try, until it is given up. */
function tries(random: number, retryAfterMs?: number): readonly number[] {
  const found: number[] = []
  let nowMs = startMs
  for (let attempt = 1; ; attempt++) {
    const next = nextTry({ attempt, since, nowMs, random, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
    if (next === undefined) return found
    nowMs = Date.parse(next)
    found.push(Math.round((nowMs - startMs) / 36_000) / 100)
  }
}

describe('nextTry', () => {
  it('waits minutes first, then hours, and gives up after three days', () => {
    assert.deepEqual(tries(0.5), [0.02, 0.05, 0.13, 0.3, 0.8, 1.8, 3.8, 7.8, 15.8, 27.8, 39.8, 51.8, 63.8])
  })

  it('leaves a fifth of each wait to chance, so that what failed together does not come back together', () => {
    assert.deepEqual([tries(0)[4], tries(1)[4]], [0.72, 0.88])
  })

  it('never asks earlier than the destination wants', () => {
    assert.deepEqual(tries(0.5, 20 * 3_600_000), [20, 40, 60])
  })
})
