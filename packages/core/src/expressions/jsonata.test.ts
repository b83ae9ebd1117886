import assert from 'node:assert/strict'
import { libraryFunction } from './jsonata.js'

describe('the functions of the package', () => {
  it('are there without waiting', () => {
    assert.equal(libraryFunction('formatBase').implementation(255, 16), 'ff')
  })

  it('check their arguments', () => {
    assert.throws(() => libraryFunction('sum').signature.validate([['a']], null), { code: 'T0412' })
  })
})
