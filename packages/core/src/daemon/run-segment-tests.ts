// Segment tests, evaluated: each profile of each test is one case, with what was expected of it and what became of it.
// Nothing is stored, and the only clock is the one that the test sets.
import type { SegmentTest, SegmentTests, TestProfile } from '../1-project/index.js'
import type { Project, Segment } from '../1-project/project.js'
import { toClauses } from '../expressions/clauses.js'
import { evaluateParts } from '../expressions/evaluate-parts.js'
import { type Clause, type ClauseValue as ValueOfClause, explainClauses } from '../expressions/explain-clauses.js'
import type { Bindings, Expression } from '../expressions/expression.js'
import { type Verdict, toVerdict } from '../expressions/is-true.js'
import { parseExpression } from '../expressions/parse.js'
import type { Clock } from '../kernel/clock.js'
import type { Span } from '../kernel/span.js'

export interface SegmentTestRun {
  readonly project: Project
  readonly tests: readonly TestResult[]
  readonly passed: number
  readonly failed: number
  readonly durationMs: number
}

export interface TestResult {
  readonly name: string
  readonly segment: string
  readonly at: Span
  readonly cases: readonly CaseResult[]
}

export interface CaseResult {
  readonly profile: string
  readonly at: Span
  readonly passed: boolean
  readonly expected: Verdict
  readonly found: FoundVerdict
  /** For a case that failed: the parts of the condition, and what each gives for this profile. */
  readonly clauses: readonly ClauseValue[]
  readonly durationMs: number
}

export type FoundVerdict = { readonly is: 'in' } | { readonly is: 'out' } | { readonly is: 'error'; readonly code: string; readonly message: string }

export interface ClauseValue {
  /** As written in the expression. */
  readonly text: string
  readonly value: ValueOfClause
}

export interface TestRunRequest extends SegmentTests {
  /** Only for durations. */
  readonly clock: Pick<Clock, 'ticksMs'>
}

export async function runSegmentTests(request: TestRunRequest): Promise<SegmentTestRun> {
  const startedMs = request.clock.ticksMs()
  const runner = new Runner(request)
  const tests: TestResult[] = []
  for (const test of request.tests) tests.push(await runner.run(test))
  const cases = tests.flatMap((each) => each.cases)
  const passed = cases.filter((each) => each.passed).length
  return { project: request.project, tests, passed, failed: cases.length - passed, durationMs: request.clock.ticksMs() - startedMs }
}

interface Evaluated {
  readonly found: FoundVerdict
  /** The conditions that the expression is made of, each with its value. */
  readonly explain: () => readonly ClauseValue[]
}

class Runner {
  readonly #segments: ReadonlyMap<string, Segment>
  readonly #expressions = new Map<string, Expression>()

  constructor(private readonly request: TestRunRequest) {
    this.#segments = new Map(request.project.segments.map((each) => [each.name, each]))
  }

  async run(test: SegmentTest): Promise<TestResult> {
    const cases: CaseResult[] = []
    for (const profile of test.profiles) cases.push(await this.runCase(test, profile))
    return { name: test.name, segment: test.segment, at: test.at, cases }
  }

  private async runCase(test: SegmentTest, profile: TestProfile): Promise<CaseResult> {
    const startedMs = this.request.clock.ticksMs()
    const { found, explain } = await this.evaluate(test.segment, test, profile, new Map())
    const passed = isSame(profile.expected, found)
    const clauses = passed ? [] : explain()
    return { profile: profile.name, at: profile.at, passed, expected: profile.expected, found, clauses, durationMs: this.request.clock.ticksMs() - startedMs }
  }

  /** One segment for one profile; the segments that it reads come first, as in a run. */
  private async evaluate(name: string, test: SegmentTest, profile: TestProfile, known: Map<string, boolean>): Promise<Evaluated> {
    const segment = this.segment(name)
    const memberships: string[] = []
    for (const each of segment.readsSegments) if (await this.isMember(each, test, profile, known)) memberships.push(each)
    const document = segment.readsSegments.length === 0 ? profile.root : { ...profile.root, segments: Object.fromEntries(memberships.map((each) => [each, true])) }
    const bindings = toBindings(segment, test)
    const expression = this.expression(segment)
    const outcome = await expression.evaluate(document, bindings)
    const verdict = toVerdict(outcome)
    const found: FoundVerdict = verdict.is === 'error' ? { ...verdict, message: outcome.ok ? 'The result is no finite number' : outcome.message } : verdict
    return { found, explain: () => conditionsOf(explainClauses(toClauses(expression.tree, expression.text), evaluateParts(document, bindings, expression.text))) }
  }

  private async isMember(name: string, test: SegmentTest, profile: TestProfile, known: Map<string, boolean>): Promise<boolean> {
    const stated = Object.hasOwn(profile.stated, name) ? profile.stated[name] : known.get(name)
    if (stated !== undefined) return stated
    const { found } = await this.evaluate(name, test, profile, known)
    known.set(name, found.is === 'in')
    return found.is === 'in'
  }

  private segment(name: string): Segment {
    const segment = this.#segments.get(name)
    if (!segment) throw new RangeError(`no segment ${name}`)
    return segment
  }

  private expression({ name, expression: text }: Segment): Expression {
    const known = this.#expressions.get(name)
    if (known) return known
    const parsed = parseExpression(text)
    if (!parsed.ok) throw new RangeError(`the expression of ${name} does not parse`)
    this.#expressions.set(name, parsed.expression)
    return parsed.expression
  }
}

/** A segment sees the variables that it reads, with what the test sets in place of the sandbox's values. */
function toBindings({ vars }: Segment, test: SegmentTest): Bindings {
  const own = Object.entries(vars).map(([name, value]) => [name, Object.hasOwn(test.vars, name) ? (test.vars[name] ?? null) : value] as const)
  return { nowMs: test.nowMs ?? 0, vars: Object.fromEntries(own) }
}

function isSame(expected: Verdict, found: FoundVerdict): boolean {
  if (expected.is === 'error' || found.is === 'error') return expected.is === 'error' && found.is === 'error' && expected.code === found.code
  return expected.is === found.is
}

/** `and`, `or` and the like fall apart into what they join. */
function conditionsOf(clause: Clause): readonly ClauseValue[] {
  return clause.parts.length === 0 ? [{ text: clause.text, value: clause.value }] : clause.parts.flatMap(conditionsOf)
}
