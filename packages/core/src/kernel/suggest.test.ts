import assert from 'node:assert/strict'
import { findClosest } from './suggest.js'

describe('findClosest', () => {
  it('finds the name that was mistyped', () => {
    assert.equal(findClosest('expresion', ['expression', 'entity', 'evaluation']), 'expression')
  })
  it('sees through letter case and separators', () => {
    assert.equal(findClosest('renamed_from', ['renamedFrom', 'name']), 'renamedFrom')
  })
  it('suggests nothing when nothing is close', () => {
    assert.equal(findClosest('metadata', ['kind', 'name', 'map']), undefined)
  })
  it('suggests one change for short names, not a different word', () => {
    assert.equal(findClosest('crn', ['crm', 'web']), 'crm')
    assert.equal(findClosest('erp', ['crm', 'web']), undefined)
  })
})
