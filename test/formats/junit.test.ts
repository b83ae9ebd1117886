// JUnit XML of validate and plan, read by a reader of it.
import assert from 'node:assert/strict'
import { type TestSuites, parse } from 'junit2json'
import { planToJunit, problemsToJunit, validationToJunit } from '../../packages/core/src/render/junit.js'
import { type Remark, planToRemarks } from '../../packages/core/src/render/remark.js'
import { aBlock, aChange, aPlan, aWarning } from './plans.js'

function aRemark(code: string, file: string, line: number, severity: Remark['severity'] = 'error', detail = `detail of ${String(line)}`): Remark {
  return { code, severity, text: { summary: 'What is wrong', detail, help: 'Mend it.' }, related: [], at: { file, from: { line, column: 3 }, to: { line, column: 5 } } }
}

interface Read {
  readonly counts: readonly unknown[]
  readonly cases: readonly unknown[]
}

/** Suite, case, and what its failure says; with the counts of the whole and of each suite. */
async function read(xml: string): Promise<Read> {
  const report = (await parse(xml)) as TestSuites
  const suites = report.testsuite ?? []
  return {
    counts: [report, ...suites].map((each) => [each.name, each.tests, each.failures, each.errors]),
    cases: suites.flatMap((suite) => (suite.testcase ?? []).map((each) => [suite.name, each.classname, each.name, ...(each.failure ?? each.error ?? []).flatMap(({ type, message, inner }) => [type, message, inner]), ...(each['system-out'] ?? [])])),
  }
}

describe('JUnit XML of validate', () => {
  const remarks = [aRemark('project/unknown-key', 'a.yaml', 2), aRemark('project/unknown-key', 'a.yaml', 7), aRemark('guardrail/too-many', 'a.yaml', 9, 'warning'), aRemark('project/empty-file', 'b.yaml', 1, 'warning')]

  it('has a suite per file and a case per rule; warnings are told and pass', async () => {
    assert.deepEqual(await read(validationToJunit({ files: ['cdp.yaml', 'a.yaml', 'b.yaml'], remarks, isStrict: false })), {
      counts: [['cdp validate', 4, 1, 0], ['cdp.yaml', 1, 0, 0], ['a.yaml', 2, 1, 0], ['b.yaml', 1, 0, 0]],
      cases: [
        ['cdp.yaml', 'cdp.yaml', 'no mistakes'],
        ['a.yaml', 'a.yaml', 'project/unknown-key', 'project/unknown-key', 'What is wrong: detail of 2', 'a.yaml:2:3: error[project/unknown-key]: What is wrong\ndetail of 2\nMend it.\na.yaml:7:3: error[project/unknown-key]: What is wrong\ndetail of 7\nMend it.'],
        ['a.yaml', 'a.yaml', 'guardrail/too-many', 'a.yaml:9:3: warning[guardrail/too-many]: What is wrong\ndetail of 9\nMend it.'],
        ['b.yaml', 'b.yaml', 'project/empty-file', 'b.yaml:1:3: warning[project/empty-file]: What is wrong\ndetail of 1\nMend it.'],
      ],
    })
  })

  it('fails for warnings, too, when they are strict', async () => {
    assert.deepEqual((await read(validationToJunit({ files: ['a.yaml', 'b.yaml'], remarks, isStrict: true }))).counts, [['cdp validate', 3, 3, 0], ['a.yaml', 2, 2, 0], ['b.yaml', 1, 1, 0]])
  })

  it('has a suite of its own for what has no place, and for files that were not expected', async () => {
    const { at: _at, ...nowhere } = aRemark('project/unknown-sandbox', '', 1)
    assert.deepEqual((await read(validationToJunit({ files: [], remarks: [nowhere, aRemark('x/y', '../other/a.yaml', 1)], isStrict: false }))).counts, [['cdp validate', 2, 2, 0], ['project', 1, 1, 0], ['../other/a.yaml', 1, 1, 0]])
  })

  it('bears every text', async () => {
    const text = ']]> <b a="1">&amp; é 🦊\n\ttab'
    assert.deepEqual((await read(validationToJunit({ files: [], remarks: [aRemark('x/y', text, 1, 'error', text)], isStrict: false }))).cases, [[text, text, 'x/y', 'x/y', `What is wrong: ${text}`, `${text}:1:3: error[x/y]: What is wrong\n${text}\nMend it.`]])
  })
})

describe('JUnit XML of a plan', () => {
  const report = (plan: ReturnType<typeof aPlan>): Promise<Read> => read(planToJunit(plan, planToRemarks(plan, { folder: '/p', root: '/p' })))

  it('has a case per change, which fails when it is blocked; warnings are told', async () => {
    const plan = aPlan({ changes: [aChange('Segment/enterprise'), aChange('Source/crm', { action: 'create' })], blocks: [aBlock()], warnings: [aWarning()] })
    const block = 'error[plan/shrinks-too-much]: A segment would lose more members than its safety limit allows\nSegment/enterprise: exit share 16.8 % exceeds safety.maxExitPercent 10\nTo go on anyway: --allow-shrink enterprise'
    assert.deepEqual(await report(plan), {
      counts: [['cdp plan', 2, 1, 0], ['acme · prod', 2, 1, 0]],
      cases: [
        ['acme · prod', 'Segment', 'Segment/enterprise', 'plan/shrinks-too-much', 'A segment would lose more members than its safety limit allows: Segment/enterprise: exit share 16.8 % exceeds safety.maxExitPercent 10', block],
        ['acme · prod', 'Source', 'Source/crm'],
      ],
    })
    assert.match(planToJunit(plan, planToRemarks(plan, { folder: '/p', root: '/p' })), /<system-out>cdp\.yaml:3:7: warning\[guardrail\/streaming-audiences\]/)
  })

  it('has a case for a block of something that does not change', async () => {
    assert.deepEqual((await report(aPlan({ blocks: [aBlock({ address: 'Destination/crm' })] }))).counts, [['cdp plan', 1, 1, 0], ['acme · prod', 1, 1, 0]])
  })

  it('is an empty suite when nothing changes, and has an error per mistake when there is no plan', async () => {
    assert.deepEqual((await report(aPlan())).counts, [['cdp plan', 0, 0, 0], ['acme · prod', 0, 0, 0]])
    assert.deepEqual((await read(problemsToJunit([aWarning({ severity: 'error' }), aWarning()], 'cdp plan'))).counts, [['cdp plan', 1, 0, 1], ['project files', 1, 0, 1]])
  })
})
