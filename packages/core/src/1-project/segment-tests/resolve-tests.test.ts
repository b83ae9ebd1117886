import assert from 'node:assert/strict'
import { DiagnosticLog, describe as told } from '../../kernel/diagnostic.js'
import { aProject, aSegment } from '../../testing/a-project.js'
import { Placed } from '../placed.js'
import type { Project } from '../project.js'
import { parseDocuments } from '../read.js'
import { resolveSegmentTests } from './resolve-tests.js'
import type { SegmentTest } from './segment-test.js'

const project = aProject({
  sandbox: { name: 'dev', protect: false, vars: { min: 10 } },
  segments: [
    aSegment('hot', 'person.leadScore >= $vars.min', { vars: { min: 10 } }),
    aSegment('recent', '$exists(events[timestamp > $daysAgo(7)])'),
    aSegment('both', 'segments.hot and segments.recent', { readsSegments: ['hot', 'recent'] }),
    aSegment('big', 'account.employees > 5', { entity: 'account' }),
  ],
})

interface Resolved {
  readonly tests: readonly SegmentTest[]
  readonly problems: readonly string[]
}

function resolve(text: string, seen: Project | undefined = project): Resolved {
  const log = new DiagnosticLog()
  const documents = parseDocuments({ file: 'a.test.yaml', text }, log).map((each) => new Placed(each, each.value as Placed['value']))
  const tests = resolveSegmentTests({ documents, project: seen, segmentNames: ['hot', 'recent', 'both', 'big', 'broken'], log })
  return { tests, problems: log.sorted().map((each) => `${String(each.at?.from.line)}:${String(each.at?.from.column)} ${each.code} ${told(each).detail}`) }
}

const aTest = (...lines: readonly string[]): string => ['kind: SegmentTest', ...lines].join('\n')

describe('segment tests', () => {
  it('expect members in, everybody else out, and run-time errors where they are named', () => {
    const { tests, problems } = resolve(aTest('segment: hot', 'profiles: { a: {}, b: {}, c: null }', 'members: [b]', 'errors: { c: T2010 }'))
    assert.deepEqual([tests[0]?.profiles.map((each) => [each.name, each.expected]), problems], [[['a', { is: 'out' }], ['b', { is: 'in' }], ['c', { is: 'error', code: 'T2010' }]], []])
  })

  it('have the names that they were given, or the name of their segment, with a number where that is taken', () => {
    const test = 'segment: hot\nprofiles: { a: {} }\nmembers: []'
    const { tests } = resolve([aTest(test), aTest('name: edges', test), aTest(test), aTest('name: hot', test)].join('\n---\n'))
    assert.deepEqual(tests.map((each) => each.name), ['hot (2)', 'edges', 'hot (3)', 'hot'])
    assert.deepEqual(resolve([aTest('name: edges', test), aTest('name: edges', test)].join('\n---\n')).problems, ['8:1 project/duplicate-name Test "edges" of Segment/hot is defined twice.'])
  })

  it('say what time it is, where anything that they evaluate reads the clock', () => {
    const unsaid = (segment: string, profile = '{}'): readonly string[] => resolve(aTest(`segment: ${segment}`, `profiles: { a: ${profile} }`, 'members: []')).problems
    assert.deepEqual(unsaid('recent'), ['2:10 test/needs-now "recent" reads the clock.'])
    assert.deepEqual(unsaid('both'), ['2:10 test/needs-now "both" reads "recent", which reads the clock.'])
    assert.deepEqual(unsaid('both', '{ segments: { recent: true } }'), [])
    const { tests } = resolve(aTest('segment: recent', 'now: 2026-11-23T08:00:00+02:00', 'profiles: { a: {} }', 'members: []'))
    assert.equal(tests[0]?.nowMs, Date.parse('2026-11-23T06:00:00Z'))
    assert.deepEqual(resolve(aTest('segment: recent', 'now: today', 'profiles: { a: {} }', 'members: []')).problems, ['3:6 project/bad-value "now" is no ISO 8601 time, such as 2026-11-23T06:00:00Z.'])
  })

  it('refer to segments, variables and profiles that exist', () => {
    assert.deepEqual(resolve(aTest('segment: hott', 'vars: { mim: 5 }', 'profiles: { a: {}, "": {} }', 'members: [b, a, a]', 'errors: { a: T2010, z: D3001 }')).problems, [
      '2:10 project/unknown-reference There is no segment "hott".',
      '3:9 project/unknown-var Sandbox dev has no variable "mim".',
      '5:11 test/unknown-profile There is no "b" under profiles of this test.',
      '5:17 project/bad-value "members" has "a" twice.',
      '6:11 test/contradiction "a" is expected to be a member and to fail; who fails is no member.',
      '6:21 test/unknown-profile There is no "z" under profiles of this test.',
    ])
  })

  it('do not blame a test for a segment that has mistakes of its own', () => {
    assert.deepEqual(resolve(aTest('segment: broken', 'profiles: { a: {} }', 'members: []')), { tests: [], problems: [] })
  })

  it('have the shape of a test, known even when the project is not', () => {
    const wrong = aTest('segmnt: hot', 'segment: hot', 'profiles: { a: 5 }', 'members: a', 'errors: { a: broken }')
    const problems = [
      '2:1 project/unknown-key "segmnt" is no key of a SegmentTest.',
      '4:16 project/wrong-type "a" must be a map or nothing, and is 5.',
      '5:10 project/wrong-type "members" must be a list, and is "a".',
      '6:14 project/bad-value "a" must be a code of JSONata, such as T2010.',
    ]
    assert.deepEqual([resolve(wrong).problems, resolve(wrong, undefined).problems], [problems, problems])
    assert.deepEqual(resolve('kind: SegmentTest').problems, ['1:1 project/missing-key A SegmentTest needs "segment".', '1:1 project/missing-key A SegmentTest needs "profiles".', '1:1 project/missing-key A SegmentTest needs "members".'])
    assert.deepEqual(resolve(aTest('segment: hot', 'profiles: {}', 'members: []')).problems, ['3:11 project/bad-value "profiles" needs at least 1.'])
  })

  it('can use variables of the sandbox, with what the test sets in their place', () => {
    const score = (...lines: readonly string[]): unknown => resolve(aTest('segment: hot', ...lines, 'profiles: { a: { person: { leadScore: "${{ vars.min }}" } } }', 'members: [a]')).tests[0]?.profiles[0]?.root['person']
    assert.deepEqual([score(), score('vars: { min: 3 }')], [{ personKey: 'person@test.Test', leadScore: 10 }, { personKey: 'person@test.Test', leadScore: 3 }])
  })

  it('tell a mistake behind an alias once', () => {
    assert.deepEqual(resolve(aTest('x-ceo: &ceo { titel: CEO }', 'segment: hot', 'profiles: { a: { person: *ceo }, b: { person: *ceo } }', 'members: []')).problems, ['2:22 project/unknown-field Entity person has no field "titel".'])
  })

  it('are of the entity of their segment', () => {
    const { tests, problems } = resolve(aTest('segment: big', 'profiles: { a: { account: { employees: 6 } } }', 'members: [a]'))
    assert.deepEqual([tests[0]?.profiles[0]?.root['account'], problems], [{ accountKey: 'account@test.Test', employees: 6 }, []])
  })
})
