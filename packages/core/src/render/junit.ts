// Segment tests as JUnit XML, as the readers of CI systems know it (Jenkins' junit-10.xsd, GitLab, GitHub actions): a suite
// per test, a case per profile, and an error per mistake where the files are wrong.
import type { CaseResult, SegmentTestRun, TestResult } from '../daemon/run-segment-tests.js'
import { type Diagnostic, describe } from '../kernel/diagnostic.js'
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

/** A project or tests with mistakes: nothing ran, and every mistake is an error. */
export function problemsToJunit(problems: readonly Diagnostic[]): string {
  const errors = problems.filter((each) => each.severity === 'error')
  const cases = errors.map((each) => {
    const { summary, detail, help } = describe(each)
    const place = each.at ? { file: each.at.file, line: each.at.from.line } : {}
    const name = each.at ? `${placeOf(each.at)}:${String(each.at.from.column)} ${each.code}` : each.code
    return element('testcase', { classname: 'project files', name, ...place, time: seconds(0) }, [element('error', { message: `${summary}: ${detail}`, type: each.code }, [detail, help].join('\n').trim())])
  })
  const counts = { tests: cases.length, failures: 0, errors: cases.length }
  return toDocument(element('testsuites', { name: 'cdp test', ...counts, time: seconds(0) }, [element('testsuite', { name: 'project files', ...counts, skipped: 0, time: seconds(0) }, cases)]))
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
