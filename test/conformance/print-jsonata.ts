// What the cases of the JSONata suite gave → lines of text. A case fails when any evaluator that takes it disagrees.
import type { Report, Tally } from './jsonata.js'

export function countFailed(report: Report): number {
  return new Set(tallies(report).flatMap(([, tally]) => tally.differences.map((each) => each.id))).size
}

export function toLines(report: Report): readonly string[] {
  const failed = countFailed(report)
  const declined = Object.entries(report.declinedFor).sort(([, a], [, b]) => b - a)
  return [
    `${' '.repeat(24)}${['agree', 'disagree', 'declined'].map((each) => each.padStart(10)).join('')}`,
    ...tallies(report).flatMap(([title, tally]) => toRowLines(title, tally)),
    ...(declined.length === 0 ? [] : ['', 'declined by the closure:', ...declined.map(([reason, count]) => `  ${String(count).padStart(4)}  ${reason}`)]),
    '',
    `accepted by the closure: ${((100 * (report.cases - report.closure.declined)) / Math.max(1, report.cases)).toFixed(1)} % of the cases`,
    `${String(report.cases - failed)} passed, ${String(failed)} failed`,
  ]
}

function tallies({ reference, closure, closureWithFallback }: Report): readonly (readonly [title: string, tally: Tally])[] {
  return [['reference', reference], ['closure', closure], ['closure, else reference', closureWithFallback]]
}

function toRowLines(title: string, { agree, disagree, declined, differences }: Tally): readonly string[] {
  const row = `${title.padEnd(24)}${[agree, disagree, declined].map((each) => String(each).padStart(10)).join('')}`
  return [row, ...differences.flatMap((each) => [`    ${each.id}: ${each.expr.slice(0, 120)}`, `      expected ${each.expected.slice(0, 120)}, got ${each.got.slice(0, 120)}`])]
}
