import assert from 'node:assert/strict'
import { withLinked, withReaders } from './reading-segments.js'

const rules = [
  { name: 'a', readsSegments: [] },
  { name: 'b', readsSegments: ['c'] },
  { name: 'c', readsSegments: ['a', 'd'] },
  { name: 'd', readsSegments: [] },
  { name: 'e', readsSegments: ['nobody'] },
]

describe('segments that read each other', () => {
  it('those that read one, directly or through others', () => {
    assert.deepEqual([[...withReaders(['a'], rules)], [...withReaders(['b', 'unknown'], rules)], [...withReaders([], rules)]], [['a', 'c', 'b'], ['b', 'unknown'], []])
  })

  it('all that are linked, whoever reads whom', () => {
    assert.deepEqual([[...withLinked(['d'], rules)].sort(), [...withLinked(['e'], rules)].sort()], [['a', 'b', 'c', 'd'], ['e', 'nobody']])
  })

  it('ends where they read each other in a circle', () => {
    assert.deepEqual([...withReaders(['x'], [{ name: 'x', readsSegments: ['y'] }, { name: 'y', readsSegments: ['x'] }])], ['x', 'y'])
  })
})
