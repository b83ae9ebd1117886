// Test documents × the project → tests. Everything that is wrong is reported; what the project itself has wrong is not told twice.
import type { ProfileEntity } from '../../entities/profile-entity.js'
import type { Verdict } from '../../expressions/is-true.js'
import { parseExpression } from '../../expressions/parse.js'
import { findInstant } from '../../kernel/clock.js'
import { DiagnosticLog } from '../../kernel/diagnostic.js'
import { type JsonObject, isJsonObject } from '../../kernel/json.js'
import { suggestion } from '../../kernel/suggest.js'
import { checkShape } from '../check-shape.js'
import type { Placed } from '../placed.js'
import type { Project, Segment } from '../project.js'
import { putInVars } from '../put-in-vars.js'
import { segmentTestSchema } from '../schemas/documents.js'
import type { WrittenSegmentTest } from '../written.js'
import { findEvaluatedSegments } from './evaluated-segments.js'
import type { SegmentTest, TestProfile } from './segment-test.js'
import { toProfile } from './to-profile.js'

export interface ResolveTestsRequest {
  readonly documents: readonly Placed[]
  /** Absent when it has mistakes that leave nothing of it; the tests are then only checked for their shape. */
  readonly project: Project | undefined
  /** All names that people gave to segments, those of broken ones too. */
  readonly segmentNames: readonly string[]
  readonly log: DiagnosticLog
}

export function resolveSegmentTests({ documents, project, segmentNames, log }: ResolveTestsRequest): readonly SegmentTest[] {
  // What stands behind an alias would be told at each of its uses.
  const own = new DiagnosticLog()
  const tests = documents.flatMap((each) => {
    const placed = project ? withVars(each, project, own) : each
    if (!checkShape(placed, { schema: segmentTestSchema, value: placed.value, at: [], what: 'a SegmentTest' }, own) || !project) return []
    return resolveTest(placed.with(placed.value as unknown as WrittenSegmentTest), new TestScope(project, segmentNames, own)) ?? []
  })
  const named = withNames(tests, own)
  log.add([...new Map(own.sorted().map((each) => [JSON.stringify(each), each])).values()])
  return named
}

function withVars(placed: Placed, { sandbox }: Project, log: DiagnosticLog): Placed {
  const own = placed.value['vars'] ?? null
  return putInVars(placed, { sandbox: sandbox.name, vars: { ...sandbox.vars, ...(isJsonObject(own) ? own : {}) }, log })
}

class TestScope {
  readonly segments: ReadonlyMap<string, Segment>
  readonly segmentEntities: ReadonlyMap<string, ProfileEntity>

  constructor(readonly project: Project, readonly segmentNames: readonly string[], readonly log: DiagnosticLog) {
    this.segments = new Map(project.segments.map((each) => [each.name, each]))
    this.segmentEntities = new Map(project.segments.map((each) => [each.name, each.entity]))
  }
}

interface UnnamedTest extends Omit<SegmentTest, 'name'> {
  readonly name: string | undefined
}

function resolveTest(placed: Placed<WrittenSegmentTest>, scope: TestScope): UnnamedTest | undefined {
  const { value } = placed
  checkVars(placed, scope)
  checkExpectations(placed, scope)
  const now = resolveNow(placed, scope)
  const segment = scope.segments.get(value.segment)
  if (!segment) {
    if (!scope.segmentNames.includes(value.segment)) scope.log.report('project/unknown-reference', { what: 'segment', name: value.segment, suggestion: suggestion(value.segment, scope.segmentNames) }, placed.spanOf(['segment']))
    return undefined
  }
  const profiles = Object.keys(value.profiles).map((name, index) => resolveProfile(placed, name, { segment, id: String(index + 1) }, scope))
  if (now === 'unsaid') checkClock(placed, segment, profiles, scope)
  return { name: value.name, segment: segment.name, at: placed.keySpanOf([value.name === undefined ? 'segment' : 'name']), nowMs: typeof now === 'number' ? now : undefined, vars: value.vars ?? {}, profiles }
}

function checkVars(placed: Placed<WrittenSegmentTest>, { project, log }: TestScope): void {
  const { name, vars } = project.sandbox
  for (const each of Object.keys(placed.value.vars ?? {}).filter((each) => !Object.hasOwn(vars, each))) {
    log.report('project/unknown-var', { name: each, sandbox: name, suggestion: suggestion(each, Object.keys(vars)) }, placed.keySpanOf(['vars', each]))
  }
}

function checkExpectations(placed: Placed<WrittenSegmentTest>, { log }: TestScope): void {
  const { profiles, members, errors = {} } = placed.value
  const known = Object.keys(profiles)
  members.forEach((name, index) => {
    const at = placed.spanOf(['members', index])
    if (!known.includes(name)) log.report('test/unknown-profile', { name, suggestion: suggestion(name, known) }, at)
    if (members.indexOf(name) < index) log.report('project/bad-value', { key: 'members', problem: `has "${name}" twice` }, at)
  })
  for (const name of Object.keys(errors)) {
    const at = placed.keySpanOf(['errors', name])
    if (!known.includes(name)) log.report('test/unknown-profile', { name, suggestion: suggestion(name, known) }, at)
    if (members.includes(name)) log.report('test/contradiction', { name }, at, [{ text: 'expected to be a member', at: placed.spanOf(['members', members.indexOf(name)]) }])
  }
}

function resolveNow(placed: Placed<WrittenSegmentTest>, { log }: TestScope): number | 'unsaid' | 'wrong' {
  const { now } = placed.value
  if (now === undefined) return 'unsaid'
  const instant = findInstant(now)
  if (instant !== undefined) return Date.parse(instant)
  log.report('project/bad-value', { key: 'now', problem: 'is no ISO 8601 time, such as 2026-11-23T06:00:00Z' }, placed.spanOf(['now']))
  return 'wrong'
}

function resolveProfile(placed: Placed<WrittenSegmentTest>, name: string, { segment, id }: { readonly segment: Segment; readonly id: string }, { project, segmentEntities, log }: TestScope): TestProfile {
  const { profiles, members, errors = {} } = placed.value
  const written: JsonObject = profiles[name] ?? {}
  const { entity, paths } = segment
  const parts = toProfile(written, ['profiles', name], { entity, paths, id, segmentEntities, entities: project.entities, placed, log })
  const code = Object.hasOwn(errors, name) ? errors[name] : undefined
  const expected: Verdict = code !== undefined ? { is: 'error', code } : { is: members.includes(name) ? 'in' : 'out' }
  return { name, at: placed.keySpanOf(['profiles', name]), expected, ...parts }
}

function checkClock(placed: Placed<WrittenSegmentTest>, tested: Segment, profiles: readonly TestProfile[], { segments, log }: TestScope): void {
  const evaluated = new Set(profiles.flatMap(({ stated }) => findEvaluatedSegments(tested.name, stated, segments)))
  const reader = [...evaluated].find(({ expression }) => readsClock(expression))
  if (reader) log.report('test/needs-now', { segment: tested.name, reader: reader.name }, placed.spanOf(['segment']))
}

function readsClock(expression: string): boolean {
  const parsed = parseExpression(expression)
  return parsed.ok && parsed.expression.reads.usesClock
}

/** Reports of tests know them by segment and name: a second test without a name gets a number, a second one of a name is a mistake. */
function withNames(tests: readonly UnnamedTest[], log: DiagnosticLog): readonly SegmentTest[] {
  const taken = new Map<string, UnnamedTest>()
  for (const test of tests.filter((each) => each.name !== undefined)) {
    const key = `${test.segment} ${test.name ?? ''}`
    const first = taken.get(key)
    if (first) log.report('project/duplicate-name', { address: `Test "${test.name ?? ''}" of Segment/${test.segment}` }, test.at, [{ text: 'first here', at: first.at }])
    else taken.set(key, test)
  }
  return tests.map((test) => {
    const name = test.name ?? freeName(test.segment, taken)
    taken.set(`${test.segment} ${name}`, test)
    return { ...test, name }
  })
}

function freeName(segment: string, taken: ReadonlyMap<string, unknown>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? segment : `${segment} (${String(number)})`
    if (!taken.has(`${segment} ${name}`)) return name
  }
}
