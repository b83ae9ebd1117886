// What one condition demands of one field: `a = 1`, `a in [1, 2]`, `a > 5`. Two of them may exclude each other.
import type { SyntaxNode } from '../syntax-tree.js'
import type { About } from './rule.js'
import { type Seen, writtenValue } from './seen.js'
import { isOperator, leftOf } from './tree.js'
import { type ComparisonOperator, flipped } from './visit.js'

type Value = string | number | boolean

export interface Demand {
  readonly node: SyntaxNode
  readonly subject: string
  /** It must be one of them. */
  readonly values?: readonly Value[]
  /** It must be on this side of the limit. */
  readonly limit?: { readonly operator: '<' | '<=' | '>' | '>='; readonly value: string | number }
}

type SeenOf = (node: SyntaxNode) => Seen | undefined

export function demandOf(node: SyntaxNode, seenOf: SeenOf, about: About): Demand | undefined {
  const left = leftOf(node)
  if (!left || !node.rhs || !isOperator(node, '=', 'in', '<', '<=', '>', '>=')) return undefined
  const operator = node.value as ComparisonOperator
  return toDemand(node, [left, node.rhs], operator, seenOf, about) ?? (operator === 'in' ? undefined : toDemand(node, [node.rhs, left], flipped(operator), seenOf, about))
}

function toDemand(node: SyntaxNode, [subject, value]: readonly [SyntaxNode, SyntaxNode], operator: ComparisonOperator, seenOf: SeenOf, about: About): Demand | undefined {
  if (subject.type !== 'path' || seenOf(subject)?.is !== 'plain') return undefined
  const base = { node, subject: about.textOf(subject) }
  const seen = seenOf(value)
  if (operator === 'in') {
    const items = seen?.is === 'list' ? seen.items?.map(writtenValue) : undefined
    return items?.every(isValue) === true ? { ...base, values: items } : undefined
  }
  const written = seen ? writtenValue(seen) : undefined
  if (!isValue(written)) return undefined
  if (operator === '=') return { ...base, values: [written] }
  return operator === '!=' || typeof written === 'boolean' ? undefined : { ...base, limit: { operator, value: written } }
}

function isValue(value: unknown): value is Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** Whether no value fulfils both. */
export function exclude(a: Demand, b: Demand): boolean {
  if (a.subject !== b.subject) return false
  if (a.values) return a.values.every((value) => !fulfils(value, b))
  if (b.values) return b.values.every((value) => !fulfils(value, a))
  return a.limit !== undefined && b.limit !== undefined && areApart(a.limit, b.limit)
}

function fulfils(value: Value, { values, limit }: Demand): boolean {
  if (values) return values.includes(value)
  if (!limit || typeof limit.value !== typeof value) return true
  switch (limit.operator) {
    case '<':
      return value < limit.value
    case '<=':
      return value <= limit.value
    case '>':
      return value > limit.value
    case '>=':
      return value >= limit.value
  }
}

function areApart(a: NonNullable<Demand['limit']>, b: NonNullable<Demand['limit']>): boolean {
  const isUpper = (limit: NonNullable<Demand['limit']>): boolean => limit.operator === '<' || limit.operator === '<='
  if (isUpper(a) === isUpper(b) || typeof a.value !== typeof b.value) return false
  const [upper, lower] = isUpper(a) ? [a, b] : [b, a]
  return upper.value < lower.value || (upper.value === lower.value && (upper.operator === '<' || lower.operator === '>'))
}
