import assert from 'node:assert/strict'
import { estimate, intervalOf } from './estimate.js'

describe('estimate', () => {
  it('scales what was found in the sample', () => {
    assert.deepEqual([estimate({ found: 31, size: 1000, of: 100_000 }), estimate({ found: 0, size: 0, of: 10 })], [3100, 0])
  })
})

describe('intervalOf', () => {
  it('holds the true number about 19 times of 20', () => {
    const of = 20_000
    const size = 1000
    const hit = [0.002, 0.03, 0.4].map((share) => {
      const truth = Math.round(of * share)
      const random = drawer(7)
      let held = 0
      for (let round = 0; round < 2000; round++) {
        const [from, to] = intervalOf({ found: drawWithout(random, { truth, size, of }), size, of })
        if (from <= truth && truth <= to) held++
      }
      return held / 2000
    })
    assert.ok(hit.every((each) => each > 0.935), String(hit))
  })

  it('is a point when everybody was looked at', () => {
    assert.deepEqual(intervalOf({ found: 12, size: 500, of: 500 }), [12, 12])
  })

  it('knows nothing without a sample', () => {
    assert.deepEqual(intervalOf({ found: 0, size: 0, of: 500 }), [0, 500])
  })

  it('does not say nobody where nobody was seen', () => {
    const [from, to] = intervalOf({ found: 0, size: 1000, of: 100_000 })
    assert.ok(from === 0 && to > 100 && to < 1000, String([from, to]))
  })
})

/** A small generator of numbers between 0 and 1, the same for the same seed (mulberry32). */
function drawer(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function drawWithout(random: () => number, { truth, size, of }: { readonly truth: number; readonly size: number; readonly of: number }): number {
  let [found, left, rest] = [0, truth, of]
  for (let drawn = 0; drawn < size; drawn++, rest--) {
    if (random() < left / rest) {
      found++
      left--
    }
  }
  return found
}
