// Whether a value that may be missing is surely there, because a condition beside it would not hold otherwise.
import { type SyntaxNode, allNodes } from '../syntax-tree.js'
import type { Cause } from './seen.js'
import { functionName, isOperator, leftOf, operandsOf } from './tree.js'

/** All causes are ruled out by what is sure. */
export function isSure(causes: readonly Cause[], sure: readonly SyntaxNode[], textOf: (node: SyntaxNode) => string): boolean {
  const shown = new Set(sure.flatMap((each) => operandsOf(each, 'and')).flatMap((each) => shownBy(each).map(textOf)))
  return causes.every((cause) => cause.some((each) => shown.has(each)))
}

/** What a condition shows to be there when it holds. */
function shownBy(condition: SyntaxNode): readonly SyntaxNode[] {
  if (condition.type === 'path' || condition.type === 'variable') return readsOf(condition)
  if (condition.type === 'function') return functionName(condition) === 'not' ? [] : readsOf(condition)
  if (!isOperator(condition, '=', '<', '<=', '>', '>=', 'in')) return []
  // `$count(x) = 0` shows the contrary.
  const counts = [leftOf(condition), condition.rhs].some((each) => each && functionName(each) === 'count')
  return counts && !isOperator(condition, '>', '>=') ? [] : readsOf(condition)
}

function readsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return [...allNodes(node)].filter((each) => each.type === 'path' || each.type === 'variable')
}

/** In `a or b`, `b` is looked at only where `a` does not hold: beside `$not(x)` there is x. */
export function sureBeside(others: readonly SyntaxNode[], operator: 'and' | 'or'): readonly SyntaxNode[] {
  if (operator === 'and') return others
  return others.flatMap((each) => (functionName(each) === 'not' && each.arguments?.[0] ? [each.arguments[0]] : []))
}
