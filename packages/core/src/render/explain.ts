// Why a segment is as it is, as text.
import type { Cost, Remark, SegmentExplanation, ThingRead } from '../daemon/explain-segment.js'
import type { JsonObject } from '../kernel/json.js'
import { renderFailure } from './failure.js'
import { type FileLines, linesOf, renderFrame } from './code-frame.js'
import { renderHow } from './how-matched.js'
import { counted, duration, minutes, table, thousands } from './numbers.js'
import type { Paint } from './paint.js'
import { renderParameters, renderSql } from './sql.js'

export interface ExplainOptions {
  /** Paths in places start here. */
  readonly folder: string
  readonly paint: Paint
  /** Leaves out the statement. */
  readonly isQuiet?: boolean
}

export function renderExplanation(explanation: SegmentExplanation, options: ExplainOptions): string {
  const { paint } = options
  const { segment, description, at, expression, evaluation, runs } = explanation
  const frames = new Frames(options)
  return [
    `${paint.bold(`Segment/${segment}`)}${at ? `  ${paint.dim(`${at.file}:${String(at.from.line)}`)}` : ''}`,
    ...(description === '' ? [] : [`  ${description}`]),
    '',
    ...expression.trimEnd().split('\n').map((line) => `  ${paint.cyan(line)}`),
    '',
    paint.bold('Lane'),
    `  ${evaluation.lane}${evaluation.schedule === undefined ? '' : `, ${evaluation.schedule}`} (${evaluation.reason})`,
    ...evaluation.because.flatMap((each) => frames.of(each)),
    '',
    paint.bold('Reads'),
    ...readsLines(explanation),
    '',
    paint.bold('Runs'),
    ...runsLines(explanation),
    ...runs.because.flatMap((each) => frames.of(each)),
    ...(options.isQuiet === true ? [] : ['', paint.bold('SQL'), ...renderSql(explanation.sql.text).map((line) => `  ${line}`), ...noteOnMembers(explanation).map((line) => paint.dim(`  ${line}`)), ...renderParameters(explanation.sql.parameters).map((line) => paint.dim(`  ${line}`))]),
    '',
    paint.bold('Cost'),
    ...costLines(explanation).map((line) => `  ${line}`),
  ].join('\n')
}

class Frames {
  readonly #files: FileLines = new Map()

  constructor(private readonly options: ExplainOptions) {}

  of({ reason, part, at }: Remark): readonly string[] {
    if (!at) return [`    ${oneLine(part)}: ${reason}`]
    return renderFrame(at, { note: ` ${reason}`, lines: linesOf(at.file, this.options.folder, this.#files), paint: this.options.paint })
  }
}

function readsLines({ entity, reads }: SegmentExplanation): readonly string[] {
  const rows = [
    ...reads.things.map((each) => [each.name, each.fields.length === 0 ? 'its rows' : each.fields.join(', '), noteOf(each)]),
    ...(reads.segments.length === 0 ? [] : [['segments', reads.segments.join(', '), '']]),
    ...varsRow(reads.vars),
  ]
  if (rows.length === 0) return [`  nothing of the ${entity}`]
  return [...table(rows).map((line) => `  ${line}`), ...reads.notApplied.map((each) => `  ! ${each} is in the files and not applied yet: nobody has a value`)]
}

function varsRow(vars: JsonObject): readonly (readonly string[])[] {
  const all = Object.entries(vars)
  return all.length === 0 ? [] : [['$vars', all.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', '), '']]
}

function noteOf({ way, eventTypes, lookBack }: ThingRead): string {
  const types = eventTypes === undefined ? [] : [eventTypes.length === 0 ? 'any type' : eventTypes.join(', ')]
  return [...(way === undefined ? [] : [ways[way] ?? `by ${way}`]), ...types, ...(lookBack === undefined ? [] : [renderLookBack(lookBack)])].join('; ')
}

const ways: Readonly<Record<string, string>> = { any: 'found by any way', direct: 'named on the record', relation: 'by the account-person relation', opportunity: 'through deals', role: 'by their role', account: 'all of their accounts' }

const hourMs = 3_600_000
const dayMs = 24 * hourMs

function renderLookBack(lookBack: NonNullable<ThingRead['lookBack']>): string {
  if (lookBack === 'whole history') return lookBack
  const { since, ms, movesWithClock } = lookBack
  if (!movesWithClock) return `since ${minutes(since)}`
  return `last ${ms % dayMs === 0 ? counted(ms / dayMs, 'day') : ms % hourMs === 0 ? counted(ms / hourMs, 'hour') : duration(ms)} (since ${minutes(since)})`
}

function noteOnMembers({ entity, reads }: SegmentExplanation): readonly string[] {
  return reads.segments.length === 0 ? [] : [`-- seen_${entity} holds who is in the segments that it reads`]
}

function runsLines({ runs }: SegmentExplanation): readonly string[] {
  const who = runs.evaluatedBy === 'closure' ? 'the closure' : 'the package jsonata'
  const lines = { sql: 'wholly in SQL', guarded: `in SQL; ${who} decides for profiles where SQL is not sure:`, closure: `${who} decides for every profile:` }[runs.ran]
  return [`  ${lines}`, ...(runs.declined === undefined ? [] : [`  no closure: ${runs.declined}`])]
}

const noCost = {
  'no-database': 'no data yet: this sandbox has no database. cdp apply, then cdp run, and explain tells what it costs.',
  'nothing-applied': 'no data yet: nothing is applied to this sandbox. cdp apply, then cdp run, and explain tells what it costs.',
  'nothing-read': 'no data yet: nothing was read. After cdp run explain tells what it costs.',
} as const

function costLines({ cost, entity, runs }: SegmentExplanation): readonly string[] {
  if (!cost.known) return [noCost[cost.because]]
  const profiles = entity === 'person' ? counted(cost.evaluated, 'person', 'people') : counted(cost.evaluated, 'account')
  return [
    `${profiles} looked at, ${counted(cost.members, 'member')}, ${renderHow({ ran: runs.ran, undecided: cost.undecided })}, ${duration(cost.tookMs)}`,
    ...rowLines(cost),
    ...cost.failures.map(renderFailure),
  ]
}

function rowLines({ rows }: Extract<Cost, { known: true }>): readonly string[] {
  const all = Object.entries(rows)
  return all.length === 0 ? [] : [`rows gone through: ${all.map(([name, count]) => `${name} ${thousands(count)}`).join(', ')}`]
}

/** Text of the expression without its line breaks. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
