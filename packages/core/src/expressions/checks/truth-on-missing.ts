// What a predicate says of an item that is not there: names and `$` are missing in it.
import type { SyntaxNode } from '../syntax-tree.js'
import { functionName, isOperator, leftOf, nameOf, operandsOf, withoutParentheses } from './tree.js'

export type Truth = boolean | 'missing' | 'unknown'

export function truthOnMissing(written: SyntaxNode): Truth {
  const node = withoutParentheses(written)
  if (isMissing(node)) return 'missing'
  if (node.type === 'function') return truthOfCall(node)
  if (isOperator(node, 'and')) return all(operandsOf(node, 'and').map(truthOnMissing))
  if (isOperator(node, 'or')) return negated(all(operandsOf(node, 'or').map((each) => negated(truthOnMissing(each)))))
  return truthOfComparison(node)
}

/** A comparison with nothing is false, and in an order it is missing. */
function truthOfComparison(node: SyntaxNode): Truth {
  const left = leftOf(node)
  if (!left || !node.rhs) return 'unknown'
  if (isOperator(node, '=', '!=', 'in')) return isMissing(left) || isMissing(node.rhs) ? false : countsNothing(node)
  return isOperator(node, '<', '<=', '>', '>=') && (isMissing(left) || isMissing(node.rhs)) ? 'missing' : countsNothing(node)
}

/** `$count(x) = 0` */
function countsNothing(node: SyntaxNode): Truth {
  const left = leftOf(node)
  const isCount = left !== undefined && functionName(left) === 'count' && left.arguments?.[0] !== undefined && isMissing(left.arguments[0])
  const limit = node.rhs?.type === 'number' ? Number(node.rhs.value) : undefined
  if (!isCount || limit === undefined) return 'unknown'
  if (isOperator(node, '=')) return limit === 0
  if (isOperator(node, '<')) return limit > 0
  return isOperator(node, '>') ? limit < 0 : 'unknown'
}

function truthOfCall(node: SyntaxNode): Truth {
  const [first] = node.arguments ?? []
  if (!first) return 'unknown'
  const truth = truthOnMissing(first)
  switch (functionName(node)) {
    case 'exists':
      return isMissing(first) ? false : 'unknown'
    case 'not':
      return truth === 'missing' || truth === 'unknown' ? truth : !truth
    case 'boolean':
      return truth
    case 'contains':
      return isMissing(first) ? 'missing' : 'unknown'
    default:
      return 'unknown'
  }
}

/** A field of the item, the item, or something made of it that is missing with it. */
function isMissing(written: SyntaxNode): boolean {
  const node = withoutParentheses(written)
  if (nameOf(node) !== undefined || (node.type === 'variable' && node.value === '')) return true
  const names = node.type === 'path' && node.steps?.every((each) => each.type === 'name' && !each.stages)
  if (names === true) return true
  const [first] = node.arguments ?? []
  return first !== undefined && ['lowercase', 'uppercase', 'trim', 'length', 'toMillis', 'number', 'substring', 'string'].includes(functionName(node)) && isMissing(first)
}

function all(truths: readonly Truth[]): Truth {
  if (truths.some((each) => each === false || each === 'missing')) return false
  return truths.every((each) => each === true) ? true : 'unknown'
}

function negated(truth: Truth): Truth {
  return truth === 'unknown' ? truth : truth === 'missing' || !truth
}
