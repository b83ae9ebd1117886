// JUnit XML, as the readers of CI systems know it (Jenkins' junit-10.xsd, GitLab, GitHub actions): of segment tests a suite per
// test and a case per profile, of checked files a suite per file and a case per rule, of a plan a case per change.
import type { Change, Plan } from '../2-plan/plan.js'
import type { CaseResult, SegmentTestRun, TestResult } from '../daemon/run-segment-tests.js'
import { type Diagnostic, describe } from '../kernel/diagnostic.js'
import type { Span } from '../kernel/span.js'
import type { Remark } from './remark.js'
import { clauseLines, placeOf, sentenceOf, titleOf } from './segment-tests.js'

type Attributes = Readonly<Record<string, string | number>>

export function segmentTestsToJunit(run: SegmentTestRun): string {
  const suites = run.tests.map((each) => {
    const failures = each.cases.filter((one) => !one.passed).length
    const durationMs = each.cases.reduce((sum, one) => sum + one.durationMs, 0)
    return element('testsuite', { name: titleOf(each), tests: each.cases.length, failures, errors: 0, skipped: 0, time: seconds(durationMs), file: each.at.file }, each.cases.map((one) => toCase(each, one)))
  })
  return toDocument(element('testsuites', { name: 'cdp test', tests: run.passed + run.failed, failures: run.failed, errors: 0, time: seconds(run.durationMs) }, suites))
}

function toCase(test: TestResult, result: CaseResult): string {
  const attributes = { classname: titleOf(test), name: result.profile, file: result.at.file, line: result.at.from.line, time: seconds(result.durationMs) }
  if (result.passed) return element('testcase', attributes, [])
  const message = `${result.profile} ${sentenceOf(result)}`
  const lines = [`${placeOf(result.at)}: ${message}`, ...clauseLines(result.clauses)]
  return element('testcase', attributes, [element('failure', { message, type: result.found.is === 'error' ? result.found.code : 'membership' }, lines.join('\n'))])
}

/** A project or tests with mistakes: the command went no further, and every mistake is an error. */
export function problemsToJunit(problems: readonly Diagnostic[], command: string): string {
  const errors = problems.filter((each) => each.severity === 'error')
  const cases = errors.map((each) => {
    const { summary, detail, help } = describe(each)
    const place = each.at ? { file: each.at.file, line: each.at.from.line } : {}
    const name = each.at ? `${placeOf(each.at)}:${String(each.at.from.column)} ${each.code}` : each.code
    return element('testcase', { classname: 'project files', name, ...place, time: seconds(0) }, [element('error', { message: `${summary}: ${detail}`, type: each.code }, [detail, help].join('\n').trim())])
  })
  const counts = { tests: cases.length, failures: 0, errors: cases.length }
  return toDocument(element('testsuites', { name: command, ...counts, time: seconds(0) }, [element('testsuite', { name: 'project files', ...counts, skipped: 0, time: seconds(0) }, cases)]))
}

export interface ValidationReport {
  /** Everything that was read, relative to the root of the repository. */
  readonly files: readonly string[]
  readonly remarks: readonly Remark[]
  /** Warnings fail too. */
  readonly isStrict: boolean
}

/** A suite per file, in it a case per rule that was broken there; one case that passes where none was. */
export function validationToJunit({ files, remarks, isStrict }: ValidationReport): string {
  const places = [...new Set([...files, ...remarks.map(fileOf)])]
  return toTestSuites('cdp validate', places.map((file) => ({ name: file, cases: casesOf(remarks.filter((each) => fileOf(each) === file), { file, isStrict }) })))
}

const withoutPlace = 'project'

function fileOf({ at }: Remark): string {
  return at?.file ?? withoutPlace
}

function casesOf(remarks: readonly Remark[], { file, isStrict }: { readonly file: string; readonly isStrict: boolean }): readonly Case[] {
  if (remarks.length === 0) return [{ group: file, name: 'no mistakes', failures: [], notes: [] }]
  return [...new Set(remarks.map((each) => each.code))].map((code) => {
    const found = remarks.filter((each) => each.code === code)
    const isFailure = (each: Remark): boolean => isStrict || each.severity === 'error'
    const at = found[0]?.at
    return { group: file, name: code, ...(at ? { at } : {}), failures: found.filter(isFailure), notes: found.filter((each) => !isFailure(each)) }
  })
}

/** A case per change, which fails when the change is blocked. Warnings are printed with the suite. */
export function planToJunit(plan: Plan, remarks: readonly Remark[]): string {
  const blocks = remarks.filter((each) => each.severity === 'error')
  const elsewhere = blocks.filter((each) => !plan.changes.some(({ address }) => address === each.address))
  const cases = [...plan.changes.map((each) => toChangeCase(each, blocks)), ...elsewhere.map((each): Case => ({ group: kindOf(each.address ?? ''), name: each.address ?? each.code, failures: [each], notes: [] }))]
  return toTestSuites('cdp plan', [{ name: `${plan.project} · ${plan.sandbox}`, cases, notes: remarks.filter((each) => each.severity === 'warning') }])
}

function toChangeCase({ address }: Change, blocks: readonly Remark[]): Case {
  const failures = blocks.filter((each) => each.address === address)
  const at = failures[0]?.at
  return { group: kindOf(address), name: address, ...(at ? { at } : {}), failures, notes: [] }
}

function kindOf(address: string): string {
  return address.split('/')[0] ?? ''
}

interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
  readonly notes?: readonly Remark[]
}

interface Case {
  readonly group: string
  readonly name: string
  readonly at?: Span
  readonly failures: readonly Remark[]
  /** Told, but no failure. */
  readonly notes: readonly Remark[]
}

function toTestSuites(name: string, suites: readonly Suite[]): string {
  const count = (cases: readonly Case[]): Attributes => ({ tests: cases.length, failures: cases.filter((each) => each.failures.length > 0).length, errors: 0 })
  const written = suites.map((each) => element('testsuite', { name: each.name, ...count(each.cases), skipped: 0, time: seconds(0) }, [...each.cases.map(toTestCase), ...output(each.notes ?? [])]))
  return toDocument(element('testsuites', { name, ...count(suites.flatMap((each) => each.cases)), time: seconds(0) }, written))
}

function toTestCase({ group, name, at, failures, notes }: Case): string {
  const [first] = failures
  const failure = first ? [element('failure', { message: `${first.text.summary}: ${first.text.detail}`, type: first.code }, failures.map(toLines).join('\n'))] : []
  return element('testcase', { classname: group, name, ...(at ? { file: at.file, line: at.from.line } : {}), time: seconds(0) }, [...failure, ...output(notes)])
}

function output(notes: readonly Remark[]): readonly string[] {
  return notes.length === 0 ? [] : [element('system-out', {}, notes.map(toLines).join('\n'))]
}

function toLines({ code, severity, text, at }: Remark): string {
  const place = at ? `${placeOf(at)}:${String(at.from.column)}: ` : ''
  return [`${place}${severity}[${code}]: ${text.summary}`, text.detail, ...(text.help === '' ? [] : [text.help])].join('\n')
}

function toDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`
}

/** Line breaks in texts are escaped, so that every line here is an element's own. */
function element(name: string, attributes: Attributes, content: readonly string[] | string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('')
  if (typeof content === 'string') return `<${name}${written}>${escaped(content)}</${name}>`
  if (content.length === 0) return `<${name}${written}/>`
  return `<${name}${written}>\n${content.join('\n').replaceAll(/^/gm, '  ')}\n</${name}>`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' }

/** Line breaks survive in attributes only as references; what XML 1.0 cannot hold becomes U+FFFD. */
function escaped(text: string): string {
  return text.replaceAll(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd').replaceAll(/[&<>"'\n\r\t]/g, (each) => entities[each] ?? each)
}
