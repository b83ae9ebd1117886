// The results of segment tests as text and as JSON.
import type { CaseResult, ClauseValue, FoundVerdict, SegmentTestRun, TestResult } from '../daemon/run-segment-tests.js'
import type { Verdict } from '../expressions/is-true.js'
import type { Json } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import { counted, thousands } from './numbers.js'
import type { Paint } from './paint.js'

export interface TestReportOptions {
  readonly paint: Paint
  /** Only what failed. */
  readonly isQuiet: boolean
}

export function renderSegmentTests(run: SegmentTestRun, { paint, isQuiet }: TestReportOptions): string {
  const shown = run.tests.filter((each) => !isQuiet || hasFailed(each)).flatMap((each) => renderTest(each, paint))
  const cases = run.passed + run.failed
  const total = `${counted(cases, 'profile')} in ${counted(run.tests.length, 'test')}: ${thousands(run.passed)} passed, ${thousands(run.failed)} failed`
  return [...shown, ...(shown.length > 0 ? [''] : []), run.failed > 0 ? paint.red(total) : paint.green(total)].join('\n')
}

function hasFailed({ cases }: TestResult): boolean {
  return cases.some((each) => !each.passed)
}

function renderTest(test: TestResult, paint: Paint): readonly string[] {
  const title = titleOf(test)
  if (!hasFailed(test)) return [`${paint.green('✓')} ${title}  ${paint.dim(counted(test.cases.length, 'profile'))}`]
  return [`${paint.red('✗')} ${title}  ${paint.dim(placeOf(test.at))}`, ...test.cases.filter((each) => !each.passed).flatMap((each) => renderCase(each, paint))]
}

/** `hot-leads`, or `hot-leads · boundary` for a test with a name of its own. */
export function titleOf({ segment, name }: Pick<TestResult, 'segment' | 'name'>): string {
  return name === segment ? segment : name.startsWith(`${segment} (`) ? name : `${segment} · ${name}`
}

function renderCase(result: CaseResult, paint: Paint): readonly string[] {
  const clauses = clauseLines(result.clauses).map((each) => `      ${each}`)
  return [`    ${paint.bold(result.profile)} ${sentenceOf(result)}  ${paint.dim(placeOf(result.at))}`, ...clauses]
}

/** `is in, and should be out` */
export function sentenceOf({ expected, found }: Pick<CaseResult, 'expected' | 'found'>): string {
  return `${foundText(found)}, and should ${expectedText(expected)}`
}

function foundText(found: FoundVerdict): string {
  return found.is === 'error' ? `fails with ${found.code} (${found.message.replace(/\.$/, '')})` : `is ${found.is}`
}

function expectedText(expected: Verdict): string {
  return expected.is === 'error' ? `fail with ${expected.code}` : `be ${expected.is}`
}

/** `true   $exists(accounts[…])`: one line per clause, the values in a column. */
export function clauseLines(clauses: readonly ClauseValue[]): readonly string[] {
  const values = clauses.map(({ value }) => shortValue(value))
  const width = Math.max(0, ...values.map((each) => each.length))
  return clauses.map(({ text }, index) => `${(values[index] ?? '').padEnd(width)}  ${text.replaceAll(/\s+/g, ' ')}`)
}

function shortValue(value: ClauseValue['value']): string {
  if (value.is === 'error') return value.code
  if (value.is === 'missing') return 'nothing'
  return value.is === 'unknown' ? '?' : value.is
}

export function placeOf({ file, from }: Span): string {
  return `${file}:${String(from.line)}`
}

/** What to write first, in a project without tests. */
export function renderNoTests(segment: { readonly name: string; readonly file: string; readonly entity: 'person' | 'account' } | undefined): string {
  const { name, file, entity } = segment ?? { name: 'hot-leads', file: 'segments/hot-leads.yaml', entity: 'person' }
  const profiles = entity === 'person' ? ['ada: { person: { title: CEO } }', 'bob: { person: { title: Accountant } }'] : ['acme: { account: { employees: 5000 } }', 'zeta: { account: { employees: 5 } }']
  return [
    `No tests found${segment ? ` for Segment/${name}` : ''}. A test stands beside its segment, such as ${file.replace(/\.[^./]*$/, '')}.test.yaml:`,
    '',
    'kind: SegmentTest',
    `segment: ${name}`,
    'profiles:',
    ...profiles.map((each) => `  ${each}`),
    `members: [${(profiles[0] ?? '').split(':')[0] ?? ''}]`,
    '',
    'cdp test runs it. Times, accounts, deals and other segments: docs/guide/test-segments.md of cdpkit',
  ].join('\n')
}

export function segmentTestsToJson({ project, tests, passed, failed }: SegmentTestRun): Json {
  return {
    project: project.name, sandbox: project.sandbox.name, passed, failed,
    tests: tests.map((each) => ({ segment: each.segment, name: each.name, passed: !hasFailed(each), ...place(each.at), profiles: each.cases.map(caseToJson) })),
  }
}

function caseToJson({ profile, passed, expected, found, clauses, at }: CaseResult): Json {
  return {
    profile, passed, expected: { ...expected }, found: { ...found }, ...place(at),
    ...(clauses.length === 0 ? {} : { clauses: clauses.map(({ text, value }) => ({ text, value: shortValue(value) })) }),
  }
}

function place({ file, from }: Span): { readonly file: string; readonly line: number; readonly column: number } {
  return { file, line: from.line, column: from.column }
}
