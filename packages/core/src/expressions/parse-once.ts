// Parsed expressions by their text: a pass over everybody takes less than parsing and compiling two hundred segments anew.
import type { Parsed } from './expression.js'
import { parseExpression } from './parse.js'

const mostKept = 5000
const kept = new Map<string, Parsed>()

export function parseOnce(text: string): Parsed {
  const known = kept.get(text)
  if (known) return known
  if (kept.size >= mostKept) kept.clear()
  const parsed = parseExpression(text)
  kept.set(text, parsed)
  return parsed
}
