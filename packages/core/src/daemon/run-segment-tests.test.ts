import assert from 'node:assert/strict'
import type { SegmentTest, TestProfile } from '../1-project/index.js'
import type { Segment } from '../1-project/project.js'
import type { Verdict } from '../expressions/is-true.js'
import { fixedClock } from '../kernel/clock.js'
import type { JsonObject } from '../kernel/json.js'
import { aProject, aSegment } from '../testing/a-project.js'
import { testNow } from '../testing/a-store.js'
import { type SegmentTestRun, runSegmentTests } from './run-segment-tests.js'

const at = { file: 'hot.test.yaml', from: { line: 1, column: 1 }, to: { line: 1, column: 5 } }
const isIn: Verdict = { is: 'in' }
const isOut: Verdict = { is: 'out' }

const aProfile = (root: JsonObject, expected: Verdict, stated: TestProfile['stated'] = {}): TestProfile => ({ name: 'p', at, root, stated, expected })
const aTest = (segment: string, profiles: readonly TestProfile[], parts: Partial<SegmentTest> = {}): SegmentTest => ({ name: segment, segment, at, nowMs: undefined, vars: {}, profiles, ...parts })

const run = (segments: readonly Segment[], tests: readonly SegmentTest[]): Promise<SegmentTestRun> =>
  runSegmentTests({ project: aProject({ segments }), tests, clock: fixedClock(testNow) })
const foundOf = ({ tests }: SegmentTestRun): readonly unknown[] => tests.flatMap((test) => test.cases.map((each) => [each.found.is, each.passed]))

describe('runSegmentTests', () => {
  it('passes who is where the test says, and fails everybody else', async () => {
    const hot = aSegment('hot', 'person.leadScore > 5')
    const [high, low] = [{ person: { leadScore: 9 } }, { person: { leadScore: 1 } }]
    const done = await run([hot], [aTest('hot', [aProfile(high, isIn), aProfile(high, isOut), aProfile(low, isIn), aProfile(low, isOut)])])
    assert.deepEqual([foundOf(done), done.passed, done.failed], [[['in', true], ['in', false], ['out', false], ['out', true]], 2, 2])
  })

  it('evaluates at the instant of the test, whatever the machine says', async () => {
    const recent = aSegment('recent', '$exists(events[timestamp > $daysAgo(7)])')
    const profile = { events: [{ timestamp: '2020-01-05T00:00:00.000Z' }] }
    const done = await run([recent], [aTest('recent', [aProfile(profile, isIn)], { nowMs: Date.parse('2020-01-10T00:00:00Z') }), aTest('recent', [aProfile(profile, isOut)], { nowMs: Date.parse('2020-02-10T00:00:00Z') })])
    assert.deepEqual(foundOf(done), [['in', true], ['out', true]])
  })

  it('sees the variables of the sandbox, and those of the test in their place', async () => {
    const hot = aSegment('hot', 'person.leadScore >= $vars.min', { vars: { min: 10 } })
    const profile = aProfile({ person: { leadScore: 5 } }, isIn)
    assert.deepEqual(foundOf(await run([hot], [aTest('hot', [profile]), aTest('hot', [profile], { vars: { min: 5, other: 1 } })])), [['out', false], ['in', true]])
  })

  it('evaluates the segments that a segment reads, each in its turn, unless the profile states them', async () => {
    const segments = [
      aSegment('top', 'segments.middle and $not(segments.blocked = true)', { readsSegments: ['blocked', 'middle'] }),
      aSegment('middle', 'segments.hot', { readsSegments: ['hot'] }),
      aSegment('hot', 'person.leadScore > 5'),
      aSegment('blocked', 'person.doNotEmail'),
    ]
    const high = { person: { leadScore: 9 } }
    const profiles = [
      aProfile(high, isIn),
      aProfile({ person: { leadScore: 9, doNotEmail: true } }, isOut),
      aProfile({ person: { leadScore: 9, doNotEmail: true } }, isIn, { blocked: false }),
      aProfile(high, isOut, { middle: false }),
      aProfile({ person: {} }, isIn, { hot: true }),
    ]
    assert.deepEqual(foundOf(await run(segments, [aTest('top', profiles)])), [['in', true], ['out', true], ['in', true], ['out', true], ['in', true]])
  })

  it('takes who fails in a segment for no member of it, as a run does', async () => {
    const segments = [aSegment('top', '$not(segments.broken = true)', { readsSegments: ['broken'] }), aSegment('broken', 'person.title > 5')]
    assert.deepEqual(foundOf(await run(segments, [aTest('top', [aProfile({ person: { title: 'CEO' } }, isIn)])])), [['in', true]])
  })

  it('fails on a run-time error that nobody expected, and on another one than was expected', async () => {
    const broken = aSegment('broken', 'person.title > 5')
    const profile = { person: { title: 'CEO' } }
    const done = await run([broken], [aTest('broken', [aProfile(profile, isOut), aProfile(profile, { is: 'error', code: 'T2009' }), aProfile(profile, { is: 'error', code: 'D3001' }), aProfile({ person: {} }, { is: 'error', code: 'T2009' })])])
    assert.deepEqual(foundOf(done), [['error', false], ['error', true], ['error', false], ['out', false]])
    const [first] = done.tests[0]?.cases ?? []
    assert.deepEqual(first?.found, { is: 'error', code: 'T2009', message: first?.found.is === 'error' ? first.found.message : '' })
  })

  it('tells why of what failed, condition by condition', async () => {
    const done = await run([aSegment('hot', 'person.leadScore > 5 and $exists(person.email)')], [aTest('hot', [aProfile({ person: { leadScore: 9, email: 'a@x' } }, isIn), aProfile({ person: { email: 'b@x' } }, isIn)])])
    assert.deepEqual(done.tests[0]?.cases.map((each) => each.clauses), [[], [{ text: 'person.leadScore > 5', value: { is: 'missing' } }, { text: '$exists(person.email)', value: { is: 'true' } }]])
  })
})
