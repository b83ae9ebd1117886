// Why a profile is in a segment or not: the clauses as a tree, each with what it read.
import type { ProfileExplanation, Verdicts } from '../daemon/explain-profile.js'
import type { Clause, ClauseRead, ClauseValue } from '../expressions/explain-clauses.js'
import type { Json } from '../kernel/json.js'
import { oneLine } from './explain.js'
import { counted, thousands } from './numbers.js'
import { renderWithholding } from './withholding.js'
import type { Paint } from './paint.js'

export function renderProfileExplanation({ label, isMember, error, verdicts, clauses, withheld }: ProfileExplanation, segment: string, paint: Paint): string {
  return [
    `${mark(error ? 'error' : isMember ? 'true' : 'false', paint)} ${paint.bold(`${label} is ${isMember ? '' : 'not '}in ${segment}`)}${error ? `: ${error.code} ${error.message}` : ''}`,
    ...withheld.map((each) => `  ${paint.yellow(renderWithholding(each))}`),
    '',
    ...clauseLines(clauses, { paint, marksDeciders: leavesOf(clauses).some((each) => !each.decides) }),
    '',
    ...verdictLines(verdicts, paint),
  ].join('\n')
}

const marks = { true: '✓', false: '✗', missing: '∅', error: '!', unknown: '?' } as const

function mark(is: ClauseValue['is'], paint: Paint): string {
  return is === 'true' ? paint.green(marks.true) : is === 'unknown' ? marks.unknown : paint.red(marks[is])
}

interface ClauseOptions {
  readonly paint: Paint
  /** Where all conditions decide, none is marked. */
  readonly marksDeciders: boolean
}

function leavesOf(clause: Clause): readonly Clause[] {
  return clause.parts.length === 0 ? [clause] : clause.parts.flatMap(leavesOf)
}

function clauseLines(clause: Clause, options: ClauseOptions): readonly string[] {
  const own = [headline(clause, options), ...clause.reads.map((each) => `    ${options.paint.dim(renderRead(each))}`)]
  return [...own, ...clause.parts.flatMap((each, index) => branch(clauseLines(each, options), index === clause.parts.length - 1))]
}

function branch(lines: readonly string[], isLast: boolean): readonly string[] {
  return lines.map((line, index) => `${index === 0 ? (isLast ? '└ ' : '├ ') : isLast ? '  ' : '│ '}${line}`)
}

function headline({ kind, role, text, value, reached, decides, parts }: Clause, { paint, marksDeciders }: ClauseOptions): string {
  const what = { and: 'all of', or: 'any of', not: 'not', choice: 'a choice' }
  const shown = kind === 'condition' ? oneLine(text) : what[kind]
  const remarks = [valueNote(value), reached ? '' : 'not reached', marksDeciders && reached && decides && parts.length === 0 ? 'decides' : ''].filter((each) => each !== '')
  const line = `${mark(value.is, paint)} ${role === undefined ? '' : `${role}: `}${shown}${remarks.length === 0 ? '' : `   ${paint.yellow(`← ${remarks.join(', ')}`)}`}`
  return reached ? line : paint.dim(line)
}

function valueNote(value: ClauseValue): string {
  switch (value.is) {
    case 'true':
    case 'false':
      return value.result === undefined ? '' : `it is ${short(value.result)}`
    case 'missing':
      return 'no value, which counts as false'
    case 'error':
      return `fails: ${value.code} ${value.message}`
    case 'unknown':
      return `not known by itself: ${value.reason}`
  }
}

function renderRead(read: ClauseRead): string {
  if (read.kind === 'value') return `${read.text} ${read.value === undefined ? 'has no value' : `= ${short(read.value)}`}`
  const passing = read.passing === undefined ? '' : `, ${thousands(read.passing)} ${read.passing === 1 ? 'passes' : 'pass'}`
  return `${read.text}: ${counted(read.rows, 'row')}${passing}${read.sample.length === 0 ? '' : `   ${sampleText(read)}`}`
}

/** Of many rows those that pass, else the last ones. */
function sampleText({ rows, passing = 0, sample }: Extract<ClauseRead, { kind: 'rows' }>): string {
  const text = sample.map(short).join(', ')
  if (passing > 0) return `passing: ${text}${passing > sample.length ? ', …' : ''}`
  return `${rows > sample.length ? '…, ' : ''}${text}`
}

const longest = 120

function short(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

function verdictLines({ agree, store, decidedBy, closure, jsonata }: Verdicts, paint: Paint): readonly string[] {
  const said = (answer: boolean | string): string => (typeof answer === 'string' ? answer : answer ? 'in' : 'not in')
  if (agree) return [decidedBy === 'sql' ? 'SQL and jsonata itself say the same.' : 'SQL is not sure of this profile and leaves it to the closure; jsonata itself says the same.']
  return [
    paint.red(`! The evaluators do not agree: ${decidedBy === 'sql' ? 'SQL' : 'the pass in the store'} says ${said(store)}, the closure ${said(closure)}, jsonata ${said(jsonata)}.`),
    '  This is a defect of cdp: please report it with the expression and the values above.',
  ]
}
