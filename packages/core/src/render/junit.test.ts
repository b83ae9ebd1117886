import assert from 'node:assert/strict'
import type { CaseResult, SegmentTestRun } from '../daemon/run-segment-tests.js'
import { DiagnosticLog } from '../kernel/diagnostic.js'
import { aProject } from '../testing/a-project.js'
import { problemsToJunit, segmentTestsToJunit } from './junit.js'
import { noColour } from './paint.js'
import { renderNoTests, renderSegmentTests } from './segment-tests.js'

const at = (line: number): CaseResult['at'] => ({ file: 'segments/hot.test.yaml', from: { line, column: 3 }, to: { line, column: 6 } })

function aRun(cases: readonly CaseResult[], name = 'hot'): SegmentTestRun {
  const passed = cases.filter((each) => each.passed).length
  return { project: aProject(), tests: [{ name, segment: 'hot', at: at(2), cases }], passed, failed: cases.length - passed, durationMs: 1500 }
}

const good: CaseResult = { profile: 'ada', at: at(4), passed: true, expected: { is: 'in' }, found: { is: 'in' }, clauses: [], durationMs: 2 }
const wrong: CaseResult = {
  profile: 'bob', at: at(5), passed: false, expected: { is: 'out' }, found: { is: 'in' }, durationMs: 3,
  clauses: [{ text: 'person.title = "CEO"', value: { is: 'true' } }, { text: '$exists(\n  accounts[employees < 5]\n)', value: { is: 'missing' } }],
}
const broken: CaseResult = { profile: 'cleo', at: at(6), passed: false, expected: { is: 'out' }, found: { is: 'error', code: 'T2010', message: 'Not comparable.' }, clauses: [], durationMs: 0 }

describe('a JUnit report', () => {
  it('has a suite per test and a case per profile', () => {
    assert.equal(segmentTestsToJunit(aRun([good, wrong, broken], 'edges')), [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="cdp test" tests="3" failures="2" errors="0" time="1.500">',
      '  <testsuite name="hot · edges" tests="3" failures="2" errors="0" skipped="0" time="0.005" file="segments/hot.test.yaml">',
      '    <testcase classname="hot · edges" name="ada" file="segments/hot.test.yaml" line="4" time="0.002"/>',
      '    <testcase classname="hot · edges" name="bob" file="segments/hot.test.yaml" line="5" time="0.003">',
      '      <failure message="bob is in, and should be out" type="membership">segments/hot.test.yaml:5: bob is in, and should be out&#10;true     person.title = &quot;CEO&quot;&#10;nothing  $exists( accounts[employees &lt; 5] )</failure>',
      '    </testcase>',
      '    <testcase classname="hot · edges" name="cleo" file="segments/hot.test.yaml" line="6" time="0.000">',
      '      <failure message="cleo fails with T2010 (Not comparable), and should be out" type="T2010">segments/hot.test.yaml:6: cleo fails with T2010 (Not comparable), and should be out</failure>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
    ].join('\n'))
  })

  it('is one empty element without tests', () => {
    assert.equal(segmentTestsToJunit({ project: aProject(), tests: [], passed: 0, failed: 0, durationMs: 0 }), '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cdp test" tests="0" failures="0" errors="0" time="0.000"/>')
  })

  it('escapes what means something in XML, and replaces what it cannot hold', () => {
    const report = segmentTestsToJunit(aRun([{ ...good, profile: '<a href="x">&\'\n\t\u0000\u001b\ud800 é 🦊' }]))
    assert.ok(report.includes('name="&lt;a href=&quot;x&quot;&gt;&amp;&apos;&#10;&#9;\ufffd\ufffd\ufffd é 🦊"'), report)
  })

  it('has an error per mistake where the files are wrong, and none for warnings', () => {
    const log = new DiagnosticLog()
    log.report('project/unknown-sandbox', { name: 'x', suggestion: 'Did you mean "dev"?' })
    log.report('project/empty-file', { file: 'a.test.yaml' }, at(1))
    log.report('test/unknown-profile', { name: '<b>', suggestion: '' }, at(7))
    assert.equal(problemsToJunit(log.sorted(), 'cdp test'), [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="cdp test" tests="2" failures="0" errors="2" time="0.000">',
      '  <testsuite name="project files" tests="2" failures="0" errors="2" skipped="0" time="0.000">',
      '    <testcase classname="project files" name="project/unknown-sandbox" time="0.000">',
      '      <error message="Unknown sandbox: The project has no sandbox &quot;x&quot;." type="project/unknown-sandbox">The project has no sandbox &quot;x&quot;.&#10;Did you mean &quot;dev&quot;?</error>',
      '    </testcase>',
      '    <testcase classname="project files" name="segments/hot.test.yaml:7:3 test/unknown-profile" file="segments/hot.test.yaml" line="7" time="0.000">',
      '      <error message="The test has no such profile: There is no &quot;&lt;b&gt;&quot; under profiles of this test." type="test/unknown-profile">There is no &quot;&lt;b&gt;&quot; under profiles of this test.&#10;Check the name.</error>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
    ].join('\n'))
  })
})

describe('results of segment tests as text', () => {
  it('tell what failed with its place and the parts of the condition, and end with the counts', () => {
    assert.equal(renderSegmentTests(aRun([good, wrong, broken], 'edges'), { paint: noColour, isQuiet: false }), [
      '✗ hot · edges  segments/hot.test.yaml:2',
      '    bob is in, and should be out  segments/hot.test.yaml:5',
      '      true     person.title = "CEO"',
      '      nothing  $exists( accounts[employees < 5] )',
      '    cleo fails with T2010 (Not comparable), and should be out  segments/hot.test.yaml:6',
      '',
      '3 profiles in 1 test: 1 passed, 2 failed',
    ].join('\n'))
  })

  it('name what passed, unless only results are wanted', () => {
    assert.equal(renderSegmentTests(aRun([good]), { paint: noColour, isQuiet: false }), '✓ hot  1 profile\n\n1 profile in 1 test: 1 passed, 0 failed')
    assert.equal(renderSegmentTests(aRun([good]), { paint: noColour, isQuiet: true }), '1 profile in 1 test: 1 passed, 0 failed')
  })

  it('show how to write a first test, for the segment at hand', () => {
    assert.match(renderNoTests({ name: 'big', file: 'segments/eu/big.yml', entity: 'account' }), /for Segment\/big.*segments\/eu\/big\.test\.yaml:\n\nkind: SegmentTest\nsegment: big\nprofiles:\n {2}acme: \{ account/)
    assert.match(renderNoTests(undefined), /^No tests found\. .*segments\/hot-leads\.test\.yaml/)
  })
})
