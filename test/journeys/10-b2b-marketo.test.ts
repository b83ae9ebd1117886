// The Marketo-sourced pattern, from its template to static lists; the demo counts for itself who should be on them.
import assert from 'node:assert/strict'
import { runExample } from './cli.js'

describe('examples/b2b-marketo', () => {
  it('delivers what a count over Marketo and its CRM expects, nothing twice, and follows forms, conversions, merges and deals', () => {
    assert.equal(runExample('b2b-marketo'), 9)
  }).timeout(120_000)
})
