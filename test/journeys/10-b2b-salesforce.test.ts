// The CRM-sourced pattern, from its template to audiences in the CRM; the demo counts for itself who should be in them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

describe('examples/b2b-salesforce', () => {
  it('delivers what a count over the CRM expects, nothing twice, and follows conversions, deletions and merges', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/b2b-salesforce/demo.ts'], { encoding: 'utf8' })
    assert.deepEqual([status, stderr, stdout.includes('✗')], [0, '', false], stdout)
    assert.equal(stdout.match(/^ {2}✓/gm)?.length, 12)
  }).timeout(120_000)
})
