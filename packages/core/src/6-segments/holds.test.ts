import assert from 'node:assert/strict'
import { findDrift, findShrink } from './holds.js'

describe('findDrift', () => {
  const promised = { entered: 20, left: 0 }

  it('lets pass what is near what was shown, by the members there are', () => {
    assert.equal(findDrift({ entered: 70, left: 0 }, { promised, members: 500, safety: {} }), undefined)
    assert.deepEqual(findDrift({ entered: 80, left: 0 }, { promised, members: 500, safety: {} }), { is: 'drifts', entered: 80, left: 0, promised, percent: 10 })
    assert.deepEqual(findDrift({ entered: 70, left: 0 }, { promised, members: 500, safety: { maxDriftPercent: 5 } })?.is, 'drifts')
  })

  it('is patient with a handful of people, and with estimates', () => {
    assert.equal(findDrift({ entered: 29, left: 3 }, { promised, members: 4, safety: {} }), undefined)
    assert.equal(findDrift({ entered: 80, left: 0 }, { promised, members: 500, safety: {}, slack: 10 }), undefined)
  })
})

describe('findShrink', () => {
  const safety = { maxExitPercent: 20, minMembers: 100 }

  it('finds more exits than the limit, in segments that are guarded', () => {
    assert.deepEqual(findShrink({ entered: 0, left: 21 }, { members: 100, safety }), { is: 'shrinks', left: 21, members: 100, percent: 20 })
    assert.deepEqual([findShrink({ entered: 0, left: 20 }, { members: 100, safety }), findShrink({ entered: 0, left: 99 }, { members: 99, safety }), findShrink({ entered: 0, left: 9 }, { members: 9, safety: {} })], [undefined, undefined, undefined])
  })
})
