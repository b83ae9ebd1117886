// Whether a segment reads another one, by its name or by a name that only evaluation knows.
import type { Segment } from '../1-project/project.js'
import type { Reads } from '../expressions/expression.js'
import { parseOnce } from '../expressions/parse-once.js'

/** Where names of segments are computed, any segment may be meant. */
export function readsSegment({ readsSegments, expression }: Segment, name: string): boolean {
  if (readsSegments.includes(name)) return true
  const columns = readsOf(expression)?.columns ?? []
  return columns.includes('*') || columns.includes('segments.*') || (columns.includes('segments') && readsSegments.length === 0)
}

export function readsOf(expression: string | undefined): Reads | undefined {
  const parsed = expression === undefined ? undefined : parseOnce(expression)
  return parsed?.ok === true ? parsed.expression.reads : undefined
}
