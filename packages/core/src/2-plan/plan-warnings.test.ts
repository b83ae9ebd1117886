import assert from 'node:assert/strict'
import { fixedClock } from '../kernel/clock.js'
import { DiagnosticLog } from '../kernel/diagnostic.js'
import { aProject, anApplied } from '../testing/a-project.js'
import { aStore, testNow } from '../testing/a-store.js'
import { planChanges } from './index.js'

describe('the warnings of a plan', () => {
  it('are those of the files with their texts, without what is missing on this machine', async () => {
    const log = new DiagnosticLog()
    const at = { file: 'cdp.yaml', from: { line: 1, column: 1 }, to: { line: 1, column: 1 } }
    log.report('project/empty-file', { file: 'a.yaml' }, at)
    log.report('project/secret-not-set', { reference: 'environment variable TOKEN' }, at)
    const store = await aStore()
    const { warnings } = await planChanges({ project: aProject(), applied: anApplied(), store, clock: fixedClock(testNow), warnings: log.sorted() })
    await store.close()
    assert.deepEqual(warnings.map((each) => [each.code, each.text?.summary, each.at]), [['project/empty-file', 'The file is empty', at]])
  })
})
