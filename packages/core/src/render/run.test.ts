import assert from 'node:assert/strict'
import { renderReadProgress } from './run.js'

describe('progress of a read', () => {
  it('tells how far it is, how fast, and how long the rest takes, where that can be known', () => {
    assert.equal(renderReadProgress({ done: 120_000, total: 900_000, perSecond: 1900, leftMs: 411_000 }), '120,000 of 900,000 · 1,900 a second · about 6 min 51 s left')
    assert.equal(renderReadProgress({ done: 120_000, perSecond: 0.4 }), '120,000 · 0 a second')
  })
})
