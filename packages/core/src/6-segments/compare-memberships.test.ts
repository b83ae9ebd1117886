import assert from 'node:assert/strict'
import { compareMemberships } from './compare-memberships.js'

describe('compareMemberships', () => {
  it('tells who entered and who left, each by id', () => {
    assert.deepEqual(compareMemberships(new Set([9, 1, 5]), [5, 7, 2]), { entered: [2, 7], left: [1, 9] })
    assert.deepEqual(compareMemberships(new Set(), []), { entered: [], left: [] })
  })

  it('lets nobody leave who was not looked at', () => {
    assert.deepEqual(compareMemberships(new Set([1, 5, 9]), [7], [5, 7]), { entered: [7], left: [5] })
  })
})
