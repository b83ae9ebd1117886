// What the conformance kit found out about the connectors of a plugin, line by line.
import type { CheckReport, ConformanceReport } from '../testing/conformance/index.js'
import type { Paint } from './paint.js'

export function renderCheck({ id, shows, outcome }: CheckReport, paint: Paint): string {
  switch (outcome.is) {
    case 'passed': return `  ${paint.green('✓')} ${id} ${shows}`
    case 'failed': return `  ${paint.red('✗')} ${id} ${shows}\n      ${outcome.reason}`
    case 'not-applicable': return `  - ${id}: ${outcome.reason}`
  }
}

/** `24 passed, 1 failed, 6 not applicable` */
export function renderConformanceSummary(reports: readonly ConformanceReport[]): string {
  const count = (is: CheckReport['outcome']['is']): string => String(reports.flatMap((each) => each.checks).filter(({ outcome }) => outcome.is === is).length)
  return `${count('passed')} passed, ${count('failed')} failed, ${count('not-applicable')} not applicable`
}
