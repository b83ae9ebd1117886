import assert from 'node:assert/strict'
import { aDestination, aProject, aSegment, aSource, anApplied } from '../testing/a-project.js'
import { type Applied, nameOf } from './applied.js'

describe('the name of a uid', () => {
  it('is told of what is applied, of a segment that leaves, and of what is imported and not applied yet; else it is the number', () => {
    const before = anApplied(aProject({ sources: [aSource('crm')], destinations: [aDestination('hook')], segments: [aSegment('hot', 'true')] }))
    const segment = before.segments['hot']
    assert.ok(segment)
    const applied: Applied = { ...before, segments: {}, retired: [{ segment, destinations: ['hook'], segmentRemoved: true }], reserved: { 'Segment/cold': 7 } }
    assert.deepEqual([nameOf(applied, 'Source', 1), nameOf(applied, 'Destination', 2), nameOf(applied, 'Segment', 3), nameOf(applied, 'Segment', 7), nameOf(applied, 'Destination', 7)], ['crm', 'hook', 'hot', 'cold', '#7'])
  })
})
