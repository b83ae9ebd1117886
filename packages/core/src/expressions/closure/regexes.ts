// A regex as a value: a function from text to its first match, which knows how to get the next one.
import { raise } from './failure.js'
import type { Evaluator, FunctionValue } from './function-value.js'
import { Pattern } from './pattern.js'
import type { TreeNode } from './tree-node.js'

export interface Match {
  readonly match: string
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
  readonly next: FunctionValue
}

export interface Matcher extends FunctionValue {
  readonly pattern?: Pattern
}

export function toMatcherEvaluator(node: TreeNode): Evaluator {
  const pattern = new Pattern(node.value as RegExp)
  return () => toMatcher(pattern, node.position)
}

function toMatcher(pattern: Pattern, position: number | undefined): Matcher {
  let lastEnd = 0
  const match = (text: string, from: number): Match | undefined => {
    const found = pattern.find(text, from)
    const [whole = '', ...groups] = found?.groups ?? []
    lastEnd = found ? found.start + whole.length : 0
    return found && { match: whole, start: found.start, end: lastEnd, groups, next }
    function next(): Match | undefined {
      if (lastEnd >= text.length) return undefined
      const following = match(text, lastEnd)
      // It would never get on.
      if (following?.match === '') raise({ code: 'D1004', position, value: pattern.source })
      return following
    }
  }
  const matcher: FunctionValue = (text, from) => match(String(text), typeof from === 'number' ? from : 0)
  matcher.about = { kind: 'plain', arity: 2, parameters: ['str', 'fromIndex'] }
  return Object.assign(matcher, { pattern })
}
