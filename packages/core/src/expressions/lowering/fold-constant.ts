// Pieces of an expression that read nothing of the profile: worked out once per pass, by the closure itself.
import type { Json } from '../../kernel/json.js'
import { type Closed, toClosure } from '../closure/to-closure.js'
import type { Bindings } from '../expression.js'
import { type SyntaxNode, allNodes } from '../syntax-tree.js'

export interface Folded {
  readonly value: Json | undefined
  /** It moves with the clock. */
  readonly fromClock: boolean
}

const clockFunctions = new Set(['now', 'millis', 'daysAgo', 'hoursAgo'])
const literals = new Set(['string', 'number', 'value'])
/** What a constant may be made of, besides literals and functions of the library. */
const pure = new Set([...literals, 'binary', 'unary', 'function', 'variable', 'condition', 'block', 'path', 'name', 'regex'])

const closures = new WeakMap<SyntaxNode, Closed>()

/** Undefined where the piece is no constant, or fails, which is then left to happen for each profile. */
export function foldConstant(node: SyntaxNode, { text, bindings }: { readonly text: string; readonly bindings: Bindings }): Folded | undefined {
  if (literals.has(node.type) && !node.predicate) return { value: node.value as Json, fromClock: false }
  if (node.type === 'regex' || node.type === 'block' || !isConstant(node)) return undefined
  const closed = closures.get(node) ?? toClosure(node, text)
  closures.set(node, closed)
  if (!closed.accepted) return undefined
  const outcome = closed.closure.evaluate(undefined, bindings)
  return outcome.ok ? { value: outcome.value, fromClock: [...allNodes(node)].some((each) => each.type === 'variable' && clockFunctions.has(String(each.value))) } : undefined
}

function isConstant(node: SyntaxNode): boolean {
  if (node.type === 'path') return isVars(node)
  if (node.type === 'function') return isPureCall(node)
  if (node.type === 'unary' && node.value === '{') return false
  if (!pure.has(node.type) || node.type === 'name' || node.type === 'variable') return false
  return children(node).every((each) => literals.has(each.type) || isConstant(each))
}

/** `$vars.name` */
function isVars(node: SyntaxNode): boolean {
  const [first, ...rest] = node.steps ?? []
  return first?.type === 'variable' && first.value === 'vars' && rest.every((each) => each.type === 'name' && !each.stages && !each.predicate) && !node.group
}

// A call without arguments works on the context, except where there is no such thing.
function isPureCall(node: SyntaxNode): boolean {
  const name = node.procedure?.type === 'variable' ? String(node.procedure.value) : ''
  const args = node.arguments ?? []
  if (name === '' || name === 'eval' || name === 'error' || name === 'assert' || node.predicate || node.group) return false
  return (args.length > 0 || clockFunctions.has(name)) && args.every((each) => literals.has(each.type) || isConstant(each))
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const { lhs } = node
  const left = lhs === undefined || Array.isArray(lhs) ? [] : [lhs as SyntaxNode]
  return [...left, ...[node.rhs, node.expression, node.condition, node.then, node.else].filter((each) => each !== undefined), ...(node.expressions ?? []), ...(node.predicate ?? []).map((each) => each.expr ?? each)]
}
