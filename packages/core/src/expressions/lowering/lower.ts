// Syntax tree × what the expression sees → typed form. What has no typed form becomes `opaque` with its reason, as small a
// part as possible; nothing here looks at data.
import type { Json } from '../../kernel/json.js'
import type { Bindings, TextRange } from '../expression.js'
import { type ArithmeticOperator, type ComparisonOperator, type Ir, always, never, typeOf } from '../ir.js'
import { spanOf } from '../places.js'
import { boundNames } from '../reads.js'
import type { RootShape } from '../root-shape.js'
import { type SyntaxNode, isPairs } from '../syntax-tree.js'
import { type Abstract, type LoweringScope, absent, constant, scalar } from './abstract.js'
import { type Surroundings, constantNumber, missing, opaque, toExists, toScalar, toTruth } from './conversions.js'
import { foldConstant } from './fold-constant.js'
import { lowerCall } from './lower-call.js'
import { filter, lowerPath } from './lower-path.js'
import { mayFail } from './may-fail.js'
import type { LoweringTools } from './tools.js'

export interface LowerRequest {
  readonly tree: SyntaxNode
  readonly text: string
  readonly shape: RootShape
  readonly bindings: Bindings
}

/** Whether a profile is in the segment: the expression's value, cast to true or false. */
export function lower(request: LowerRequest): Ir {
  const lowering = new Lowering(request)
  const scope: LoweringScope = { context: { is: 'root' }, variables: new Map(), depth: 0 }
  return lowering.truth(lowering.lower(request.tree, scope), request.tree, scope)
}

class Lowering implements LoweringTools {
  readonly shape: RootShape

  private readonly bound: ReadonlySet<string>

  constructor(private readonly request: LowerRequest) {
    this.shape = request.shape
    this.bound = boundNames(request.tree)
  }

  lower(node: SyntaxNode, scope: LoweringScope): Abstract {
    const folded = foldConstant(node, { ...this.request, bound: this.bound })
    if (folded) return constant(folded.value, folded.fromClock)
    if (node.type === 'path') return lowerPath(node, scope, this)
    const value = this.lowerBare(node, scope)
    if (node.group !== undefined || node.keepArray === true) return this.cannot('groups by a key', node)
    return (node.predicate ?? []).reduce((each, stage) => (stage.expr ? filter(each, stage.expr, { scope, tools: this }) : each), value)
  }

  place(node: SyntaxNode): TextRange {
    return spanOf(node, this.request.text)
  }

  cannot(reason: string, node: SyntaxNode): Abstract {
    return { is: 'opaque', reason, at: this.place(node) }
  }

  truth(value: Abstract, node: SyntaxNode, scope: LoweringScope): Ir {
    return toTruth(value, this.around(node, scope))
  }

  around(node: SyntaxNode, scope: LoweringScope): Surroundings {
    // Places take a look at the whole text: only what has no typed form asks for one.
    const place = (): TextRange => this.place(node)
    return { shape: this.shape, depth: scope.depth, get at() { return place() } }
  }

  /** One value; several are an error of JSONata's, or whatever `more` says. */
  one(node: SyntaxNode | undefined, scope: LoweringScope, more: Extract<Ir, { kind: 'single' }>['more'] = 'fails'): Ir {
    if (!node) return missing
    const value = this.lower(node, scope)
    return toScalar(value, more) ?? opaque(value.is === 'opaque' ? value.reason : 'a list where one value is wanted', value.is === 'opaque' ? value.at : this.place(node))
  }

  private lowerBare(node: SyntaxNode, scope: LoweringScope): Abstract {
    switch (node.type) {
      case 'name':
        return lowerPath({ type: 'path', steps: [node] }, scope, this)
      case 'variable':
        return this.lowerVariable(node, scope)
      case 'binary':
        return this.lowerBinary(node, scope)
      case 'unary':
        return this.lowerUnary(node, scope)
      case 'function':
        return lowerCall(node, scope, this)
      case 'apply':
        return this.lowerApply(node, scope)
      case 'condition':
        return this.lowerCondition(node, scope)
      case 'block':
        return this.lowerBlock(node, scope)
      case 'lambda':
        // The parser wraps calls at the end of a function, so that they need no stack.
        return (node as { readonly thunk?: boolean }).thunk === true && node.body ? this.lower(node.body, scope) : { is: 'lambda', node, scope }
      default:
        return this.cannot(`${node.type} has no typed form`, node)
    }
  }

  private lowerVariable(node: SyntaxNode, scope: LoweringScope): Abstract {
    if (node.value === '') return scope.context
    if (node.value === '$') return { is: 'root' }
    return scope.variables.get(String(node.value)) ?? this.cannot(`$${String(node.value)} is not known here`, node)
  }

  private lowerBinary(node: SyntaxNode, scope: LoweringScope): Abstract {
    const left = isPairs(node.lhs) ? undefined : node.lhs
    const { rhs: right } = node
    if (!left || !right) return this.cannot('an operator without operands', node)
    switch (node.value) {
      case 'and':
      case 'or':
        return scalar({ kind: 'logic', op: node.value, left: this.truth(this.lower(left, scope), left, scope), right: this.truth(this.lower(right, scope), right, scope) })
      case '=':
      case '!=':
        return scalar(this.lowerEquality(node.value, left, right, scope))
      case '<':
      case '<=':
      case '>':
      case '>=':
        return scalar({ kind: 'compare', op: node.value satisfies ComparisonOperator, left: this.one(left, scope), right: this.one(right, scope) })
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return scalar({ kind: 'arithmetic', op: node.value satisfies ArithmeticOperator, left: this.one(left, scope), right: this.one(right, scope) })
      case '&':
        return this.lowerConcatenation(left, right, scope)
      case 'in':
        return scalar(this.lowerIn(left, right, scope))
      default:
        return this.cannot(`${String(node.value)} has no typed form`, node)
    }
  }

  private lowerConcatenation(left: SyntaxNode, right: SyntaxNode, scope: LoweringScope): Abstract {
    const [a, b] = [this.one(left, scope), this.one(right, scope)]
    const isText = (ir: Ir): boolean => ir.kind === 'missing' || typeOf(ir) === 'string'
    return isText(a) && isText(b) && a.kind !== 'single' && b.kind !== 'single' ? scalar({ kind: 'join-text', left: a, right: b }) : this.cannot('joins what is not plain text', left)
  }

  private lowerEquality(op: '=' | '!=', left: SyntaxNode, right: SyntaxNode, scope: LoweringScope): Ir {
    const [a, b] = [this.lower(left, scope), this.lower(right, scope)]
    const list = a.is === 'strings' ? a : b.is === 'strings' ? b : undefined
    if (list) return this.lowerListEquality(op, list, list === a ? b : a, left)
    const [x, y] = [toScalar(a, 'differs from everything'), toScalar(b, 'differs from everything')]
    if (!x || !y) return opaque('compares what is no plain value', this.place(left))
    // Two lists may be equal to each other; one list never equals one value.
    if (x.kind === 'single' && y.kind === 'single') return opaque('compares two lists', this.place(left))
    return { kind: 'compare', op, left: x, right: y }
  }

  private lowerListEquality(op: '=' | '!=', list: Extract<Abstract, { is: 'strings' }>, other: Abstract, at: SyntaxNode): Ir {
    const values = other.is === 'constant' && Array.isArray(other.value) ? (other.value as readonly Json[]) : undefined
    if (!values?.every((each): each is string => typeof each === 'string')) return opaque('compares a list', this.place(at))
    const equal: Ir = { kind: 'strings-equal', list: list.ir, values }
    const present: Ir = { kind: 'exists', of: list.ir }
    return op === '=' ? equal : { kind: 'logic', op: 'and', left: present, right: { kind: 'cast', negated: true, truth: equal, present: always } }
  }

  private lowerIn(left: SyntaxNode, right: SyntaxNode, scope: LoweringScope): Ir {
    const item = this.one(left, scope, 'matches nothing')
    const list = this.lower(right, scope)
    if (list.is === 'constant') return this.inValues(item, list.value, right)
    if (list.is === 'strings') return { kind: 'in-strings', item, list: list.ir }
    if (list.is === 'sequence') return this.inSequence(item, list, right)
    if (list.is === 'scalar') return { kind: 'compare', op: '=', left: item, right: list.ir }
    if (list.is === 'missing') return never
    if (list.is !== 'opaque') return opaque('looks for a value among things', this.place(right))
    return right.type === 'unary' && right.value === '[' ? this.inItems(item, right, scope) : opaque(list.reason, list.at)
  }

  private inValues(item: Ir, value: Json, at: SyntaxNode): Ir {
    const values = Array.isArray(value) ? (value as readonly Json[]) : [value]
    // Elements are compared with ===: null finds nothing where no null is stored, objects and lists find nothing ever.
    const plain = values.filter((each): each is string | number | boolean => typeof each !== 'object')
    if (plain.length > 10_000) return opaque('a very long list', this.place(at))
    return { kind: 'in-values', item, values: plain }
  }

  private inItems(item: Ir, list: SyntaxNode, scope: LoweringScope): Ir {
    const options = (list.expressions ?? []).map((each): Ir => {
      const value = this.lower(each, scope)
      // Lists inside brackets are poured into the list that is made.
      if (value.is === 'strings') return { kind: 'in-strings', item, list: value.ir }
      if (value.is === 'sequence') return this.inSequence(item, value, each)
      return { kind: 'compare', op: '=', left: item, right: toScalar(value, 'differs from everything') ?? opaque('looks for a value among things', this.place(each)) }
    })
    return options.reduce<Ir>((left, right) => ({ kind: 'logic', op: 'or', left, right }), never)
  }

  private inSequence(item: Ir, list: Extract<Abstract, { is: 'sequence' }>, at: SyntaxNode): Ir {
    if (list.item.is === 'object' || list.item.is === 'root') return never
    if (item.kind === 'single' || item.kind === 'pick' || item.kind === 'count' || item.kind === 'aggregate') return opaque('compares two lists', this.place(at))
    const found: Ir = list.item.is === 'strings' ? { kind: 'in-strings', item, list: list.item.ir } : { kind: 'compare', op: '=', left: list.item.ir, right: item }
    return { kind: 'any', rows: { ...list.rows, where: [...list.rows.where, found] } }
  }

  private lowerUnary(node: SyntaxNode, scope: LoweringScope): Abstract {
    if (node.value === '-') return scalar({ kind: 'arithmetic', op: '*', left: constantNumber(-1), right: this.one(node.expression, scope) })
    return this.cannot(node.value === '[' ? 'makes a list' : 'makes an object', node)
  }

  /** `x ~> $f(y)` is `$f(x, y)`, `x ~> $f` is `$f(x)`. */
  private lowerApply(node: SyntaxNode, scope: LoweringScope): Abstract {
    const left = isPairs(node.lhs) ? undefined : node.lhs
    if (!left || !node.rhs) return this.cannot('~> without operands', node)
    if (node.rhs.type === 'function') return lowerCall({ ...node.rhs, arguments: [left, ...(node.rhs.arguments ?? [])] }, scope, this)
    if (node.rhs.type === 'variable') return lowerCall({ type: 'function', procedure: node.rhs, arguments: [left], ...(node.position === undefined ? {} : { position: node.position }) }, scope, this)
    return this.cannot('~> to something else than a function', node)
  }

  private lowerCondition(node: SyntaxNode, scope: LoweringScope): Abstract {
    if (!node.condition || !node.then) return this.cannot('a condition without parts', node)
    const condition = this.truth(this.lower(node.condition, scope), node.condition, scope)
    const [a, b] = [this.lower(node.then, scope), node.else ? this.lower(node.else, scope) : absent]
    const [then, otherwise] = [toScalar(a, 'fails'), toScalar(b, 'fails')]
    const bothTypes = then && otherwise && (isTyped(then) && isTyped(otherwise)) && then.kind !== 'single' && otherwise.kind !== 'single'
    if (bothTypes && (then.kind === 'missing' || otherwise.kind === 'missing' || typeOf(then) === typeOf(otherwise))) return scalar({ kind: 'choose', condition, then, else: otherwise })
    // Of two different kinds of value only the truth is known, and that is what a condition needs.
    const truths = [this.truth(a, node.then, scope), node.else ? this.truth(b, node.else, scope) : never] as const
    return { is: 'opaque', reason: 'either of two kinds of value', at: this.place(node), truth: { kind: 'choose', condition, then: truths[0], else: truths[1] } }
  }

  private lowerBlock(node: SyntaxNode, scope: LoweringScope): Abstract {
    let inner = scope
    let value: Abstract = absent
    const first: Ir[] = []
    const statements = node.expressions ?? []
    for (const [index, each] of statements.entries()) {
      const name = each.type === 'bind' && each.lhs && !isPairs(each.lhs) ? String(each.lhs.value) : undefined
      value = this.lower(name === undefined ? each : (each.rhs ?? each), inner)
      if (name !== undefined) inner = { ...inner, variables: new Map([...inner.variables, [name, value]]) }
      if (index < statements.length - 1) first.push(this.exists(value, each, inner))
    }
    return this.after(first.filter(mayFail), value, node)
  }

  /** Statements are evaluated in their turn, needed or not: what fails there fails the whole. */
  private after(first: readonly Ir[], value: Abstract, node: SyntaxNode): Abstract {
    if (first.length === 0) return value
    const then = toScalar(value, 'fails')
    return then && then.kind !== 'single' ? scalar({ kind: 'after', first, then }) : { is: 'opaque', reason: 'a statement that may fail before a list', at: this.place(node) }
  }

  /** Rows as a function of one parameter sees them. */
  applied(lambda: Extract<Abstract, { is: 'lambda' }>, argument: Abstract, depth: number): Abstract {
    const [parameter, ...others] = lambda.node.arguments ?? []
    if (!parameter || others.length > 0 || !lambda.node.body || (lambda.node as { signature?: unknown }).signature !== undefined) return this.cannot('a function of several parameters', lambda.node)
    return this.lower(lambda.node.body, { ...lambda.scope, variables: new Map([...lambda.scope.variables, [String(parameter.value), argument]]), depth })
  }

  exists(value: Abstract, node: SyntaxNode, scope: LoweringScope): Ir {
    return toExists(value, this.around(node, scope))
  }
}

function isTyped(ir: Ir): boolean {
  return ir.kind === 'missing' || typeOf(ir) !== undefined
}
