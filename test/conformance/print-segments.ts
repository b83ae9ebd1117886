// What the check of segments found → lines of text.
import { type ReadsShown, type RowName, type SegmentReport, isPassed, rowNames } from './check-segments.js'

const rowTitles: Readonly<Record<RowName, string>> = {
  'given: reference': 'as given      reference', 'given: closure': 'as given      closure',
  'stored: reference': 'in the store  reference', 'stored: closure': 'in the store  closure', 'stored: SQL': 'in the store  SQL',
  'reads': 'reads suffice', 'class': 'class',
}

export function toLines(reports: readonly SegmentReport[], options: { readonly verbose: boolean }): readonly string[] {
  const failed = reports.filter((each) => !isPassed(each)).length
  return [
    ...(options.verbose ? [...reports.map(toSegmentLine), ''] : []),
    `${' '.repeat(24)}${['agree', 'disagree', 'declined'].map((each) => each.padStart(10)).join('')}`,
    ...rowNames.flatMap((name) => toRowLines(name, reports)),
    '',
    ...toTotals(reports),
    ...toNotes(reports),
    `${String(reports.length - failed)} passed, ${String(failed)} failed`,
  ]
}

function toRowLines(name: RowName, reports: readonly SegmentReport[]): readonly string[] {
  const count = (is: string): string => String(reports.filter((each) => each.rows[name].is === is).length).padStart(10)
  const differing = reports.flatMap(({ id, rows }) => { const row = rows[name]; return row.is === 'disagree' ? [`    ${id}: ${row.how}`] : [] })
  return [`${rowTitles[name].padEnd(24)}${count('agree')}${count('disagree')}${count('declined')}`, ...differing]
}

function toTotals(reports: readonly SegmentReport[]): readonly string[] {
  const streaming = reports.filter((each) => each.lane === 'streaming').length
  const ran = (how: string): readonly SegmentReport[] => reports.filter((each) => (each.sql?.ran ?? 'closure') === how)
  const undecided = ran('guarded').reduce((sum, each) => sum + (each.sql?.undecided ?? 0), 0)
  const readers = reports.flatMap(({ reads }) => reads.events ?? [])
  const windows = readers.filter(({ lookBack }) => lookBack.is === 'since').length
  const columns = new Set(reports.flatMap((each) => each.reads.columns))
  const unasked = ran('guarded').filter((each) => each.sql?.undecided === 0).length
  const wholly = ran('sql').length + unasked
  return [
    `class: ${String(streaming)} streaming, ${String(reports.length - streaming)} batch`,
    `reads: ${String(columns.size)} columns; ${String(readers.length)} segments read events, ${String(windows)} of them within a look-back window (--verbose shows them)`,
    `SQL: ${String(wholly)} of ${String(reports.length)} ran wholly in SQL (${String(ran('sql').length)} by their form, ${String(unasked)} behind guards that no profile needed); ${String(ran('guarded').length - unasked)} guarded, ${String(undecided)} rows decided by the closure; ${String(ran('closure').length)} left to the closure`,
  ]
}

function toNotes(reports: readonly SegmentReport[]): readonly string[] {
  const ordered = reports.filter((each) => each.dependsOnEventOrder).map((each) => each.id)
  return ordered.length === 0 ? [] : [`note: depends on the order in which the file has the events: ${ordered.join(', ')}`]
}

function toSegmentLine(report: SegmentReport): string {
  const { sql } = report
  const how = sql === undefined || sql.ran === 'closure' ? 'closure' : sql.ran === 'sql' ? 'SQL' : `SQL, ${String(sql.undecided)} rows by closure`
  return `${isPassed(report) ? 'pass' : 'FAIL'}  ${report.id}  ${(report.lane ?? 'refused').padEnd(9)}  ${how.padEnd(7)}  ${toReadsText(report.reads)}`
}

function toReadsText({ columns, events }: ReadsShown): string {
  const reads = `reads ${columns.join(', ') || 'nothing'}`
  if (!events) return reads
  const types = events.eventTypes.length === 0 ? 'events of any type' : events.eventTypes.join(', ')
  return `${reads}; ${types}, ${events.lookBack.is === 'since' ? `since ${new Date(events.lookBack.ms).toISOString()}${events.lookBack.movesWithClock ? ', moving with the clock' : ''}` : 'the whole history'}`
}
