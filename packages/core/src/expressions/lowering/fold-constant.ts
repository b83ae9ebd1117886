// Pieces of an expression that read nothing of the profile: worked out once per pass, by the closure itself.
import type { Json } from '../../kernel/json.js'
import { type Closed, toClosure } from '../closure/to-closure.js'
import type { Bindings } from '../expression.js'
import { isWithoutContext, parametersOf } from '../functions/first-parameter.js'
import { functions } from '../functions/index.js'
import { type SyntaxNode, allNodes } from '../syntax-tree.js'

export interface Folded {
  readonly value: Json | undefined
  /** It moves with the clock. */
  readonly fromClock: boolean
}

const clockFunctions = new Set(['now', 'millis', 'daysAgo', 'hoursAgo'])
const impure = new Set(['error', 'assert'])
const literals = new Set(['string', 'number', 'value'])
/** What a constant may be made of, besides literals and functions of the library. */
const pure = new Set([...literals, 'binary', 'unary', 'function', 'variable', 'condition', 'block', 'path', 'name', 'regex'])

export interface FoldRequest {
  readonly text: string
  readonly bindings: Bindings
  /** Names that the expression binds itself, in place of the library's. */
  readonly bound: ReadonlySet<string>
}

const closures = new WeakMap<SyntaxNode, Closed>()

/** Undefined where the piece is no constant, or fails, which is then left to happen for each profile. */
export function foldConstant(node: SyntaxNode, request: FoldRequest): Folded | undefined {
  if (literals.has(node.type) && !node.predicate) return { value: node.value as Json, fromClock: false }
  if (node.type === 'regex' || node.type === 'block' || !isConstant(node, request)) return undefined
  const closed = closures.get(node) ?? toClosure(node, request.text)
  closures.set(node, closed)
  if (!closed.accepted) return undefined
  const outcome = closed.closure.evaluate(undefined, request.bindings)
  return outcome.ok ? { value: outcome.value, fromClock: [...allNodes(node)].some((each) => each.type === 'variable' && clockFunctions.has(String(each.value))) } : undefined
}

function isConstant(node: SyntaxNode, request: FoldRequest): boolean {
  if (literals.has(node.type)) return !node.predicate
  if (node.type === 'path') return !request.bound.has('vars') && isVars(node)
  if (node.type === 'function') return isPureCall(node, request)
  if (node.type === 'unary' && node.value === '{') return false
  if (!pure.has(node.type) || node.type === 'name' || node.type === 'variable') return false
  return children(node).every((each) => isConstant(each, request))
}

/** `$vars.name` */
function isVars(node: SyntaxNode): boolean {
  const [first, ...rest] = node.steps ?? []
  return first?.type === 'variable' && first.value === 'vars' && rest.every((each) => each.type === 'name' && !each.stages && !each.predicate) && !node.group
}

// A call that leaves its first argument out works on the context, which is no constant.
function isPureCall(node: SyntaxNode, request: FoldRequest): boolean {
  const name = node.procedure?.type === 'variable' ? String(node.procedure.value) : ''
  const args = node.arguments ?? []
  if (request.bound.has(name) || !functions.has(name) || impure.has(name) || node.predicate || node.group) return false
  if (!args.every((each) => isConstant(each, request))) return false
  if (clockFunctions.has(name) || (args.length > 0 && args.length >= parametersOf(name))) return true
  const [first] = args
  return first !== undefined && isWithoutContext(name, args.length, typeof foldConstant(first, request)?.value)
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const { lhs } = node
  const left = lhs === undefined || Array.isArray(lhs) ? [] : [lhs as SyntaxNode]
  return [...left, ...[node.rhs, node.expression, node.condition, node.then, node.else].filter((each) => each !== undefined), ...(node.expressions ?? []), ...(node.predicate ?? []).map((each) => each.expr ?? each)]
}
