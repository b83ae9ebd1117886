// Questions about an expression's tree that need no types.
import { spanOf } from '../places.js'
import { type SyntaxNode, allNodes, isPairs } from '../syntax-tree.js'

/** The left side of an operator. */
export function leftOf(node: SyntaxNode): SyntaxNode | undefined {
  return isPairs(node.lhs) ? undefined : node.lhs
}

export function isOperator(node: SyntaxNode, ...operators: readonly string[]): boolean {
  return node.type === 'binary' && operators.includes(String(node.value))
}

/** Parentheses around one expression change nothing, where nothing is attached to them. */
export function withoutParentheses(node: SyntaxNode): SyntaxNode {
  const [only, ...more] = node.type === 'block' ? (node.expressions ?? []) : []
  return only && more.length === 0 && !node.predicate && !node.group && only.type !== 'bind' ? withoutParentheses(only) : node
}

/** `a and (b and c)` → a, b, c. */
export function operandsOf(node: SyntaxNode, operator: 'and' | 'or'): readonly SyntaxNode[] {
  const inner = withoutParentheses(node)
  const left = leftOf(inner)
  return isOperator(inner, operator) && left && inner.rhs ? [...operandsOf(left, operator), ...operandsOf(inner.rhs, operator)] : [inner]
}

/** `a ?? b` and `a ?: b` come as choices whose condition is a copy of `a`. */
export function defaultOperator(node: SyntaxNode, text: string): '??' | '?:' | undefined {
  const { condition, then } = node
  if (node.type !== 'condition' || !condition || !then) return undefined
  if (condition.type === 'function' && condition.position === undefined) return '??'
  const [a, b] = [spanOf(condition, text), spanOf(then, text)]
  return a.from === b.from && a.to === b.to ? '?:' : undefined
}

export function functionName(node: SyntaxNode): string {
  return node.type === 'function' && node.procedure?.type === 'variable' ? String(node.procedure.value) : ''
}

/** The one name that the node is: `timestamp`. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  const [only, ...more] = node?.type === 'path' ? (node.steps ?? []) : []
  return only?.type === 'name' && more.length === 0 && !only.stages && !only.predicate ? String(only.value) : undefined
}

/** Whether it reads the item that it is evaluated for: a bare name, or `$`. */
export function readsItem(node: SyntaxNode): boolean {
  if (node.type === 'variable') return node.value === ''
  if (node.type === 'path') {
    const [first] = node.steps ?? []
    return first !== undefined && (first.type === 'name' || readsItem(first))
  }
  if (node.type === 'lambda') return false
  const parts = [leftOf(node), node.rhs, node.expression, node.condition, node.then, node.else, ...(node.expressions ?? []), ...(node.arguments ?? [])]
  return parts.some((each) => each !== undefined && readsItem(each))
}

/** Whether rows are limited to those since some time: `timestamp > …` among what they must fulfil. */
export function isBoundedInTime(filters: readonly SyntaxNode[]): boolean {
  return filters.flatMap((each) => operandsOf(each, 'and')).some(isLowerBound)
}

function isLowerBound(condition: SyntaxNode): boolean {
  const left = leftOf(condition)
  if (!isOperator(condition, '<', '<=', '>', '>=') || !left || !condition.rhs) return false
  const greater = condition.value === '>' || condition.value === '>=' ? left : condition.rhs
  if (isTime(left) || isTime(condition.rhs)) return isTime(greater)
  // Something is worked out of the time: how, is not for us to follow.
  return [...allNodes(condition)].some((each) => each.type === 'name' && each.value === 'timestamp')
}

function isTime(node: SyntaxNode): boolean {
  return nameOf(node) === 'timestamp' || (functionName(node) === 'toMillis' && nameOf(node.arguments?.[0]) === 'timestamp')
}
