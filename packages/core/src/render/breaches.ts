// What breaches a guardrail of run time, as rows of a table.
import type { BreachRow } from '../daemon/observe/read-breaches.js'
import { minutes, thousands } from './numbers.js'
import type { Paint } from './paint.js'

export function breachCells(breaches: readonly BreachRow[], paint: Paint): readonly (readonly (string | number)[])[] {
  return breaches.map(({ guardrail, allowed, count, worst, sample, firstAt }) => [
    paint.yellow(`! guardrail/${guardrail}`), count, `beyond ${thousands(allowed)}`, `the worst ${thousands(worst)}`, sample, firstAt === null ? '' : `since ${minutes(firstAt)}`,
  ])
}
