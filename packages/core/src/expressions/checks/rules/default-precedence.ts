// `0 < x ?? 5` is `(0 < x) ?? 5`, and `a ?? b and c` is `a ?? (b and c)`.
import type { SyntaxNode } from '../../syntax-tree.js'
import { defineRule } from '../rule.js'
import { isOperator, leftOf } from '../tree.js'

export const defaultPrecedence = defineRule('expression/default-precedence', ['default'], ({ node, left, right, operator }, about) => {
  const inner = isComparison(left) ? left.rhs : undefined
  // `x > 0 ?? false` says what it means.
  if (inner && !(right.type === 'value' && typeof right.value === 'boolean')) {
    return [{ node, params: { operator, read: `(${about.say(left)}) ${operator} ${about.say(right)}`, instead: `Parenthesise the default: (${about.say(inner)} ${operator} ${about.say(right)}).` } }]
  }
  if (!isComparison(right) && !isOperator(right, 'and', 'or')) return []
  return [{ node, params: { operator, read: `${about.say(left)} ${operator} (${about.say(right)})`, instead: `Parenthesise the default: (${about.say(left)} ${operator} ${about.say(firstOf(right))}).` } }]
})

function isComparison(node: SyntaxNode): boolean {
  return isOperator(node, '=', '!=', '<', '<=', '>', '>=', 'in')
}

function firstOf(node: SyntaxNode): SyntaxNode {
  const left = node.type === 'binary' ? leftOf(node) : undefined
  return left ? firstOf(left) : node
}
