// The walk over an expression with the schemas in hand: what each piece can be, and everything that the rules look at.
// It follows variables, functions, predicates and joins; what it cannot follow is `any`.
import { spanOf } from '../places.js'
import type { RootShape } from '../root-shape.js'
import { type SyntaxNode, isPairs } from '../syntax-tree.js'
import type { JsonObject } from '../../kernel/json.js'
import { sureBeside } from './guards.js'
import { seeCall } from './inspect-call.js'
import { filtered, seePath } from './inspect-path.js'
import type { Inspector } from './inspector.js'
import { type List, type Scope, type Seen, any, constant, either, missingBy, named, plain, withMissing, writtenValue } from './seen.js'
import { defaultOperator, leftOf, operandsOf } from './tree.js'
import { type ComparisonOperator, type Condition, type Piece, type Visit, flipped, ordering } from './visit.js'

export interface InspectRequest {
  readonly tree: SyntaxNode
  readonly text: string
  readonly shape: RootShape
  /** The sandbox's variables. */
  readonly vars: JsonObject
}

export interface Inspected {
  readonly visits: readonly Visit[]
  /** What the whole expression can give. */
  readonly gives: Seen
}

export function inspect(request: InspectRequest): Inspected {
  const inspection = new Inspection(request)
  const variables = new Map<string, Seen>([['vars', { is: 'vars', value: request.vars }]])
  const gives = inspection.see(request.tree, { context: { is: 'root' }, variables, sure: [] })
  inspection.condition(request.tree, 'result', [])
  return { visits: inspection.visits, gives }
}

/** Functions that call themselves are followed for a while; what they say by then they said. */
const deepest = 6
const most = 50_000

class Inspection implements Inspector {
  readonly visits: Visit[] = []
  readonly shape: RootShape
  readonly #seen = new Map<SyntaxNode, Seen>()
  readonly #above: SyntaxNode[] = []
  /** How many functions of the expression we are inside of, and how much was seen already. */
  #applied = 0
  #steps = 0

  constructor(private readonly request: InspectRequest) {
    this.shape = request.shape
  }

  get around(): SyntaxNode | undefined {
    return this.#above.at(-2)
  }

  meet(visit: Visit): void {
    this.visits.push(visit)
  }

  textOf(node: SyntaxNode): string {
    const { from, to } = spanOf(node, this.request.text)
    return this.request.text.slice(from, to).replaceAll(/\s+/g, '')
  }

  see(node: SyntaxNode, scope: Scope): Seen {
    if (++this.#steps > most) return any
    this.#above.push(node)
    const seen = this.withAttached(node, scope, node.type === 'path' ? seePath(node, scope, this) : this.bare(node, scope))
    this.#above.pop()
    this.#seen.set(node, seen)
    return seen
  }

  /** Predicates and groupings of what is no step of a path: `(…)[0]`, `$f(x)[a = 1]`. */
  private withAttached(node: SyntaxNode, scope: Scope, bare: Seen): Seen {
    if (node.type === 'path') return bare
    const stages = (node.predicate ?? []).flatMap((each) => (each.expr ? [each.expr] : []))
    const found = stages.reduce((from, expr) => filtered(from, expr, { scope, step: node, path: undefined, over: undefined, inspector: this }), bare)
    if (!node.group) return stages.length > 0 && missingBy(found).length > 0 ? withMissing(found, [[this.textOf(node)]]) : found
    for (const each of node.group.lhs.flat()) this.see(each, { ...scope, context: any, sure: [] })
    return { is: 'record' }
  }

  private bare(node: SyntaxNode, scope: Scope): Seen {
    switch (node.type) {
      case 'string':
      case 'number':
        return constant(node.value as string | number)
      case 'value':
        return constant(node.value as boolean | null)
      case 'regex':
        return { is: 'regex' }
      case 'name':
        return seePath({ type: 'path', steps: [node] }, scope, this)
      case 'variable':
        return this.variable(node, scope)
      case 'binary':
        return this.binary(node, scope)
      case 'unary':
        return this.unary(node, scope)
      case 'function':
      case 'partial':
        return seeCall(node, scope, this)
      case 'apply':
        return this.apply(node, scope)
      case 'condition':
        return this.choice(node, scope)
      case 'block':
        return this.block(node, scope)
      case 'bind':
        return node.rhs ? this.see(node.rhs, scope) : any
      case 'lambda':
        return this.lambda(node, scope)
      case 'wildcard':
      case 'descendant':
        this.meet({ at: 'wildcard', node, from: scope.context })
        return any
      default:
        return any
    }
  }

  private variable(node: SyntaxNode, scope: Scope): Seen {
    if (node.value === '') return scope.context
    if (node.value === '$') return { is: 'root' }
    const seen = scope.variables.get(String(node.value)) ?? any
    return withMissing(seen, missingBy(seen).map((each) => [...each, this.textOf(node)]))
  }

  private binary(node: SyntaxNode, scope: Scope): Seen {
    const left = leftOf(node)
    if (!left || !node.rhs) return any
    const operator = String(node.value)
    if (operator === 'and' || operator === 'or') return this.chain(node, operator, scope)
    const [a, b] = [this.piece(left, scope), this.piece(node.rhs, scope)]
    switch (operator) {
      case '=':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case 'in':
        this.meet({ at: 'comparison', node, operator, left: a, right: b, scope })
        return compared(operator, a.seen, b.seen)
      case '&':
        return plain('string')
      case '..':
        return { is: 'list', item: plain('number'), missingBy: [] }
      default:
        this.meet({ at: 'arithmetic', node, operands: [a, b] })
        // What fails gives nothing to say more about.
        if (isNoNumber(a.seen) || isNoNumber(b.seen)) return any
        return plain('number', [...missingBy(a.seen), ...missingBy(b.seen)], isExact(operator, a.seen) && isExact(operator, b.seen) ? {} : { made: 'inexact' })
    }
  }

  private piece(node: SyntaxNode, scope: Scope): Piece {
    return { node, seen: this.see(node, scope) }
  }

  private chain(node: SyntaxNode, operator: 'and' | 'or', scope: Scope): Seen {
    const operands = operandsOf(node, operator)
    const truths = operands.map((each) => {
      const others = operands.filter((other) => other !== each)
      const seen = this.see(each, { ...scope, sure: [...scope.sure, ...sureBeside(others, operator)] })
      this.condition(each, 'operand', others)
      return truthOf(seen)
    })
    this.meet({ at: 'chain', node, operator, operands, seenOf: (each) => this.#seen.get(each) })
    const decisive = operator === 'or'
    if (truths.includes(decisive)) return constant(decisive)
    return truths.every((each) => each === !decisive) ? constant(!decisive) : plain('boolean')
  }

  private unary(node: SyntaxNode, scope: Scope): Seen {
    if (node.value === '-' && node.expression) {
      const operand = this.piece(node.expression, scope)
      this.meet({ at: 'arithmetic', node, operands: [operand] })
      return plain('number', missingBy(operand.seen))
    }
    if (node.value === '[') return this.list(node, scope)
    if (isPairs(node.lhs)) for (const each of node.lhs.flat()) this.see(each, scope)
    return { is: 'record' }
  }

  private list(node: SyntaxNode, scope: Scope): List {
    const items = (node.expressions ?? []).map((each) => this.see(each, scope))
    // What may be several, or nothing, is poured into the list.
    const isWritten = items.every((each) => each.is === 'plain' && each.missingBy.length === 0)
    return { is: 'list', item: isWritten && items.length > 0 ? items.reduce(either) : any, missingBy: [], ...(isWritten ? { items } : {}) }
  }

  private apply(node: SyntaxNode, scope: Scope): Seen {
    const left = leftOf(node)
    if (!left || !node.rhs) return any
    const place = node.position === undefined ? {} : { position: node.position }
    if (node.rhs.type === 'function') return this.see({ ...node.rhs, arguments: [left, ...(node.rhs.arguments ?? [])] }, scope)
    if (node.rhs.type === 'variable') return this.see({ type: 'function', procedure: node.rhs, arguments: [left], ...place }, scope)
    const [value, target] = [this.see(left, scope), this.see(node.rhs, scope)]
    return target.is === 'lambda' ? this.applied(target, [value]) : any
  }

  private choice(node: SyntaxNode, scope: Scope): Seen {
    const { condition, then } = node
    if (!condition || !then) return any
    const operator = defaultOperator(node, this.request.text)
    if (operator !== undefined && node.else) return this.fallback(node, then, node.else, operator, scope)
    this.see(condition, scope)
    this.condition(condition, 'choice', [then, ...(node.else ? [node.else] : [])])
    const a = this.see(then, { ...scope, sure: [...scope.sure, condition] })
    const b: Seen = node.else ? this.see(node.else, { ...scope, sure: [...scope.sure, ...sureBeside([condition], 'or')] }) : { is: 'missing' }
    return either(a, b)
  }

  private fallback(node: SyntaxNode, left: SyntaxNode, right: SyntaxNode, operator: '??' | '?:', scope: Scope): Seen {
    this.meet({ at: 'default', node, left, right, operator })
    const [a, b] = [this.see(left, scope), this.see(right, scope)]
    if (a.is === 'missing') return b
    return a.is === 'plain' && b.is === 'plain' && a.type === b.type ? plain(a.type, b.missingBy) : any
  }

  private block(node: SyntaxNode, scope: Scope): Seen {
    let inner = scope
    let last: Seen = { is: 'missing' }
    for (const each of node.expressions ?? []) {
      last = this.see(each, inner)
      const left = each.type === 'bind' ? leftOf(each) : undefined
      if (left) inner = { ...inner, variables: new Map([...inner.variables, [String(left.value), named(last)]]) }
    }
    return last
  }

  private lambda(node: SyntaxNode, scope: Scope): Seen {
    const lambda = { is: 'lambda' as const, node, scope: { ...scope, sure: [] } }
    // Looked through once with arguments that could be anything: it may never be called with known ones.
    this.applied(lambda, [])
    return lambda
  }

  applied({ node, scope }: Extract<Seen, { is: 'lambda' }>, args: readonly Seen[]): Seen {
    if (!node.body || this.#applied > deepest) return any
    const parameters = (node.arguments ?? []).map((each, index) => [String(each.value), named(args[index] ?? any)] as const)
    // A call in last place is wrapped in a function without parameters.
    const body = node.body.type === 'lambda' && (node.body as { readonly thunk?: unknown }).thunk === true && node.body.body ? node.body.body : node.body
    this.#applied++
    const gives = this.see(body, { ...scope, variables: new Map([...scope.variables, ...parameters]) })
    this.#applied--
    return gives
  }

  condition(node: SyntaxNode, role: Condition['role'], beside: readonly SyntaxNode[]): void {
    const last = node.type === 'block' && !node.predicate && !node.group ? node.expressions?.at(-1) : undefined
    if (last) {
      this.condition(last, role, beside)
      return
    }
    if (node.type === 'condition') {
      for (const each of [node.then, node.else]) if (each) this.condition(each, 'branch', beside)
      return
    }
    this.meet({ at: 'condition', node, seen: this.#seen.get(node) ?? any, role, beside })
  }
}

/** Whether it surely counts as true or as false, because it is written out. */
function truthOf(seen: Seen): boolean | undefined {
  const value = writtenValue(seen)
  return value === undefined ? undefined : Boolean(value)
}

function compared(operator: ComparisonOperator, a: Seen, b: Seen): Seen {
  const decided = decide(operator, a, b) ?? decide(flipped(operator), b, a)
  if (decided !== undefined) return constant(decided)
  if (operator === 'in' && b.is === 'list' && b.items?.length === 0) return constant(false)
  return plain('boolean', ordering(operator) ? [...missingBy(a), ...missingBy(b)] : [])
}

/** What is known without data: of two written values, and of a count, which is never less than 0. */
function decide(operator: ComparisonOperator, a: Seen, b: Seen): boolean | undefined {
  const [x, y] = [writtenValue(a), writtenValue(b)]
  if (y === undefined || operator === 'in') return undefined
  if (x !== undefined) return typeof x === typeof y && x !== null && y !== null ? compareWritten(operator, x, y) : undefined
  if (a.is !== 'plain' || a.made !== 'count' || typeof y !== 'number') return undefined
  if (y <= 0 && (operator === '>=' || (operator === '>' && y < 0))) return true
  return y < 0 && (operator === '=' || operator === '<' || operator === '<=') ? false : y === 0 && operator === '<' ? false : undefined
}

function compareWritten(operator: Exclude<ComparisonOperator, 'in'>, x: string | number | boolean, y: string | number | boolean): boolean | undefined {
  switch (operator) {
    case '=':
      return x === y
    case '!=':
      return x !== y
    case '<':
      return x < y
    case '<=':
      return x <= y
    case '>':
      return x > y
    case '>=':
      return x >= y
  }
}

function isNoNumber(seen: Seen): boolean {
  return seen.is === 'plain' && seen.type !== 'number'
}

/** Sums and products of what is stored are taken for exact, most are of whole numbers; quotients are not, nor what stems from fractions. */
function isExact(operator: string, seen: Seen): boolean {
  if (operator === '/' || (seen.is === 'plain' && (seen.made === 'inexact' || seen.made === 'average'))) return false
  const written = writtenValue(seen)
  return typeof written !== 'number' || Number.isInteger(written)
}
