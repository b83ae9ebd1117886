// The CRM-sourced pattern, from its template to audiences in the CRM; the demo counts for itself who should be in them.
import assert from 'node:assert/strict'
import { runExample } from './cli.js'

describe('examples/b2b-salesforce', () => {
  it('delivers what a count over the CRM expects, nothing twice, and follows conversions, deletions and merges', () => {
    assert.equal(runExample('b2b-salesforce'), 12)
  }).timeout(120_000)
})
