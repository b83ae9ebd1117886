import assert from 'node:assert/strict'
import { join } from 'node:path'
import { runJsonataCases } from './jsonata.js'

const folder = join(import.meta.dirname, 'cases/jsonata')

describe('the JSONata suite', () => {
  it('comes out the same by closures as by the package, in every case that closures accept, and they accept nearly all', async () => {
    const report = await runJsonataCases(join(folder, 'cases.jsonl'), join(folder, 'datasets'))
    assert.deepEqual(report.reference.differences, [])
    assert.deepEqual(report.closure.differences, [])
    assert.ok(report.closure.agree / report.cases >= 0.97, `accepted ${report.closure.agree} of ${report.cases}`)
    assert.equal(report.closureWithFallback.agree, report.cases)
  }).timeout(60_000)
})
