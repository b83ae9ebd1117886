// The Marketo-sourced pattern, from its template to static lists; the demo counts for itself who should be on them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

describe('examples/b2b-marketo', () => {
  it('delivers what a count over Marketo and its CRM expects, nothing twice, and follows forms, conversions, merges and deals', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/b2b-marketo/demo.ts'], { encoding: 'utf8' })
    assert.deepEqual([status, stderr, stdout.includes('✗')], [0, '', false], stdout)
    assert.equal(stdout.match(/^ {2}✓/gm)?.length, 9)
  }).timeout(120_000)
})
