// A plan as a comment on a pull request: what stops it and what it was warned of on top, then a table of the changes, details folded.
// Names of members stay out: who may read a pull request need not be who may read the profiles.
import type { Change, Plan, SegmentImpact } from '../2-plan/plan.js'
import { describe, type Diagnostic } from '../kernel/diagnostic.js'
import { codeBlock, codeCell, codeLines, codeSpan } from './markdown.js'
import { counted, thousands } from './numbers.js'
import { noColour } from './paint.js'
import { aroundChanges, basis, knownOf, movedShare, noChanges, renderChange, symbols, total } from './plan.js'
import { placeOf } from './segment-tests.js'

/** GitHub refuses comments of more than 65,536 characters. Bytes are counted here: there are never fewer of them. */
export const longestComment = 65_000

export function planToMarkdown(plan: Plan, limit = longestComment): string {
  const page = new Page(limit)
  page.add([`### cdp plan · ${codeSpan(plan.project)} · sandbox ${codeSpan(plan.sandbox)}`, '', `**${total(plan, noColour)}** · ${basis(plan)}`])
  page.addPart({ before: ['', '> [!CAUTION]', `> **Blocked.** ${codeSpan('cdp apply')} refuses this plan.`, '>'], items: plan.blocks.map(toBlockItem), what: ['block'], share: 0.3 })
  page.addPart({ before: ['', `**${counted(plan.warnings.length, 'warning')}**`, ''], items: plan.warnings.map(toItem), what: ['warning'], share: 0.2 })
  page.addPart({ before: [''], items: codeLines(aroundChanges(plan).join('\n').trim()), what: ['line of totals', 'lines of totals'], share: 0.2, isCode: true })
  if (plan.changes.length === 0) page.add(['', noChanges])
  page.addPart({ before: ['', '| | resource | members | enter | exit | delivers |', '| --- | --- | ---: | ---: | ---: | --- |'], items: plan.changes.map((each) => toRow(each, plan)), what: ['change'], share: 0.5 })
  const details = plan.changes.flatMap((each) => [...renderChange(withoutNames(each), plan, noColour), '']).join('\n').trimEnd()
  page.addPart({ before: ['', '<details><summary>Details</summary>', ''], items: codeLines(details), after: ['', '</details>'], what: ['line of details', 'lines of details'], share: 1, isCode: true })
  return page.text()
}

/** Of files with mistakes there is no plan, which a reviewer has to see, too. */
export function problemsToMarkdown(problems: readonly Diagnostic[], limit = longestComment): string {
  const page = new Page(limit)
  const errors = problems.filter((each) => each.severity === 'error')
  page.add(['### cdp plan', '', '> [!CAUTION]', `> **No plan:** the files have ${counted(errors.length, 'error')}.`])
  page.addPart({ before: [''], items: errors.map(toItem), what: ['error'], share: 1 })
  return page.text()
}

function toBlockItem({ address, code, detail, help }: Plan['blocks'][number]): string {
  return `> - ${codeSpan(address)} ${codeSpan(code)}<br>${codeSpan(detail)}<br>${codeSpan(help)}`
}

function toItem(diagnostic: Diagnostic): string {
  const { summary, detail, help } = describe(diagnostic)
  const place = diagnostic.at ? ` ${codeSpan(placeOf(diagnostic.at))}` : ''
  return [`- ${codeSpan(diagnostic.code)}${place}`, codeSpan(`${summary}: ${detail}`), ...(help === '' ? [] : [codeSpan(help)])].join('<br>')
}

const verbs: Readonly<Record<Change['action'], string>> = { create: 'add', update: 'change', rename: 'rename', delete: 'remove' }

function toRow(change: Change, plan: Plan): string {
  const blocked = plan.blocks.some((each) => each.address === change.address) ? ' **blocked**' : ''
  const from = change.from === undefined ? '' : `${codeCell(change.from)} → `
  return `| \\${symbols[change.action]} ${verbs[change.action]} | ${from}${codeCell(change.address)}${blocked} | ${(change.impact ? impactCells(change.impact) : ['', '', '', '']).join(' | ')} |`
}

function impactCells(impact: SegmentImpact): readonly string[] {
  const share = movedShare(impact) === '' ? '' : ` (${movedShare(impact)})`
  const about = impact.basis.is === 'exact' ? '' : 'about '
  const deliveries = impact.deliveries.map(({ destination, adds, removes, withheld, match, pace }) => `${codeCell(destination)} +${thousands(adds)} -${thousands(removes)}${withheld === undefined ? '' : ` · ${thousands(withheld)} withheld by consent`}${match ? ` · knows ${knownOf(match.found, adds, match.isEstimate)}` : ''}${pace && pace.requests > 0 ? ` · ${counted(pace.requests, 'request')}` : ''}`)
  return [`${thousands(impact.before)} → ${about}${thousands(impact.after)}${share}`, thousands(impact.enter), thousands(impact.exit), deliveries.join('<br>')]
}

function withoutNames(change: Change): Change {
  return change.impact ? { ...change, impact: { ...change.impact, sampleEnter: [], sampleExit: [] } } : change
}

interface Part {
  readonly before: readonly string[]
  readonly items: readonly string[]
  readonly after?: readonly string[]
  /** One of the items, and many. */
  readonly what: readonly [one: string, many?: string]
  /** The most that it may take of the space that is left. */
  readonly share: number
  /** The items are lines of a block of code. */
  readonly isCode?: boolean
}

/** Lines up to a limit, and what was left out because of it. */
class Page {
  readonly #lines: string[] = []
  readonly #cut: string[] = []
  #left: number

  constructor(limit: number) {
    // What was cut has to be told.
    this.#left = limit - 500
  }

  add(lines: readonly string[]): void {
    this.#lines.push(...lines)
    this.#left -= bytes(lines.join('\n')) + 1
  }

  /** As many of the items as fit, from the first on; nothing at all when none does. */
  addPart({ before, items, after = [], what, share, isCode = false }: Part): void {
    const toLines = (shown: readonly string[]): readonly string[] => [...before, ...(isCode ? [codeBlock(shown)] : shown), ...after]
    const room = this.#left * share - (bytes(toLines(items).join('\n')) - bytes(items.join('\n')))
    let used = 0
    const first = items.findIndex((each) => (used += bytes(each) + 1) > room)
    const shown = first === -1 ? items : items.slice(0, first)
    if (shown.length > 0) this.add(toLines(shown))
    if (shown.length < items.length) this.#cut.push(`${thousands(items.length - shown.length)} of ${counted(items.length, ...what)}`)
  }

  text(): string {
    const cut = this.#cut.length === 0 ? [] : ['', `Cut to fit into a comment. Left out: ${this.#cut.join(', ')}. ${codeSpan('cdp show')} with the plan file tells all of it.`]
    return [...this.#lines, ...cut].join('\n')
  }
}

function bytes(text: string): number {
  return Buffer.byteLength(text)
}
