// What an expression reads: paths from the root of what it sees, the sandbox variables, other segments, the clock. Found by
// following what each piece can be a part of; what cannot be followed counts as reading everything (`*`), never as reading less.
import type { PathRead, ReadAs, Reads, RootRead, TextRange } from './expression.js'
import { functions } from './functions/index.js'
import { rangeOf } from './places.js'
import { type SyntaxNode, allNodes, childrenOf, isPairs } from './syntax-tree.js'

export function toReads(tree: SyntaxNode, text: string): Reads {
  const found = new Found(text)
  const reader = new Reader(found)
  reader.use(reader.visit(tree, { context: [root], variables: new Map(), depth: 0 }), 'result')
  return found.reads()
}

/** A place in the document: the names that lead to it. `node` is the first of them in the text, `second` the next one, `last` the last. */
interface Path {
  readonly names: readonly string[]
  readonly node?: SyntaxNode
  readonly second?: SyntaxNode
  readonly last?: SyntaxNode
}

/** What a value can be part of. None: it is made by the expression itself. */
type Value = readonly Path[]

interface Scope {
  readonly context: Value
  readonly variables: ReadonlyMap<string, Binding>
  /** Calls of the expression's own functions that surround us. */
  readonly depth: number
}

type Binding = Value | { readonly lambda: SyntaxNode; readonly scope: Scope }

const root: Path = { names: [] }
const everything = '*'
const strength: Readonly<Record<ReadAs, number>> = { presence: 0, result: 1, value: 2 }
const clockFunctions = new Set(['now', 'millis', 'daysAgo', 'hoursAgo'])
/** Deeper, functions call themselves: then everything that they can be given was seen. */
const deepest = 4

class Found {
  readonly #roots = new Map<string, SyntaxNode | undefined>()
  readonly #vars = new Map<string, SyntaxNode>()
  readonly #segments = new Map<string, SyntaxNode>()
  readonly #paths = new Map<string, { readonly as: ReadAs; readonly node: SyntaxNode | undefined }>()
  #usesClock = false

  constructor(private readonly text: string) {}

  path({ names, node, second: place = node, last = node }: Path, as: ReadAs): void {
    const [first = everything, second] = names
    if (!this.#roots.has(first)) this.#roots.set(first, node)
    const path = names.length === 0 ? everything : names.join('.')
    const known = this.#paths.get(path)
    if (!known || strength[known.as] < strength[as]) this.#paths.set(path, { as, node: known?.node ?? last })
    if (first === 'segments' && second !== undefined && second !== everything && !this.#segments.has(second) && place) this.#segments.set(second, place)
  }

  segment(name: string, node: SyntaxNode): void {
    if (!this.#segments.has(name)) this.#segments.set(name, node)
  }

  var(name: string, node: SyntaxNode): void {
    if (!this.#vars.has(name)) this.#vars.set(name, node)
  }

  clock(): void {
    this.#usesClock = true
  }

  reads(): Reads {
    const paths = [...this.#paths].map(([path, { as, node }]): PathRead => ({ path, as, range: this.rangeOf(node) })).sort((a, b) => (a.path < b.path ? -1 : 1))
    return { roots: this.list(this.#roots), vars: this.list(this.#vars), segments: this.list(this.#segments), usesClock: this.#usesClock, columns: paths.map((each) => each.path), paths }
  }

  private list(found: ReadonlyMap<string, SyntaxNode | undefined>): readonly RootRead[] {
    const reads = [...found].map(([name, node]) => ({ name, range: this.rangeOf(node) }))
    return reads.sort((a, b) => a.range.from - b.range.from)
  }

  private rangeOf(node: SyntaxNode | undefined): TextRange {
    return node ? rangeOf(node, this.text) : { from: 0, to: this.text.length }
  }
}

class Reader {
  constructor(private readonly found: Found) {}

  use(value: Value, as: ReadAs = 'value'): void {
    for (const each of value) this.found.path(each, as)
  }

  visit(node: SyntaxNode, scope: Scope): Value {
    const value = this.bare(node, scope)
    this.attached(node, value, scope)
    // What a grouping gives is made of what its keys and values read.
    return node.group ? [] : value
  }

  private bare(node: SyntaxNode, scope: Scope): Value {
    switch (node.type) {
      case 'path':
        return this.path(node, scope)
      case 'name':
        return step(scope.context, node)
      case 'variable':
        return this.variable(node, scope)
      case 'wildcard':
      case 'descendant':
        return this.all(scope.context, node)
      case 'parent':
        return parentsOf(scope.context, node)
      case 'function':
      case 'partial':
        return this.call(node, scope)
      case 'lambda':
        return this.body(node, scope, [])
      case 'block':
        return this.block(node, scope)
      case 'bind':
        return node.rhs ? this.visit(node.rhs, scope) : []
      case 'condition':
        return this.condition(node, scope)
      case 'apply':
        return this.apply(node, scope)
      case 'transform':
        return this.all(scope.context, node)
      default:
        return this.operands(node, scope)
    }
  }

  /** Operators look at their operands; lists and objects that are made hold them; `and` and `or` only ask whether there is something. */
  private operands(node: SyntaxNode, scope: Scope): Value {
    const values = childrenOf({ ...node, stages: [], predicate: [], terms: [] }).filter((each) => !node.group?.lhs.flat().includes(each)).map((each) => this.visit(each, scope))
    const holds = node.type === 'unary' && node.value !== '-'
    for (const each of values) this.use(each, holds || node.value === 'and' || node.value === 'or' ? 'presence' : 'value')
    return holds ? values.flat() : []
  }

  // Predicates, sort keys and groupings see the items of what they are attached to.
  private attached(node: SyntaxNode, value: Value, scope: Scope): void {
    const item = { ...scope, context: value }
    for (const each of [...(node.stages ?? []), ...(node.predicate ?? [])]) if (each.expr) this.use(this.visit(each.expr, item), 'presence')
    for (const each of node.terms ?? []) if (each.expression) this.use(this.visit(each.expression, item))
    for (const each of node.group?.lhs.flat() ?? []) this.use(this.visit(each, item))
  }

  private path(path: SyntaxNode, scope: Scope): Value {
    let value: Value = scope.context
    let inner = scope
    for (const [index, each] of (path.steps ?? []).entries()) {
      if (each.type === 'sort') {
        this.attached(each, value, inner)
        continue
      }
      if (index === 0 && each.type === 'variable' && each.value === 'vars' && !inner.variables.has('vars')) return this.vars(path)
      // What comes next does not go on from the rows by name, yet it needs to know how many there are.
      if (index > 0 && each.type !== 'name') this.use(value, 'presence')
      const given = each.type === 'name' ? step(value, each) : this.bare(each, index === 0 ? inner : { ...inner, context: value })
      inner = { ...inner, variables: bound(inner.variables, each, given) }
      // `@$x` binds and stays where it was, for its predicates too.
      if (each.focus === undefined) value = given
      this.attached(each, value, inner)
    }
    this.attached({ ...path, steps: [] }, value, inner)
    // Rows joined by @ are counted by what binds them; what they hold is only the context, over and over.
    if (!isJoin(path)) this.use(value, 'presence')
    return value
  }

  private vars(path: SyntaxNode): Value {
    const [, name] = path.steps ?? []
    if (name?.type === 'name' && typeof name.value === 'string') this.found.var(name.value, name)
    return []
  }

  private variable(node: SyntaxNode, { context, variables }: Scope): Value {
    if (node.value === '') return context
    if (node.value === '$') return [{ ...root, node }]
    const known = variables.get(String(node.value))
    return known === undefined || 'lambda' in known ? [] : known
  }

  private all(value: Value, node: SyntaxNode): Value {
    const parts = value.map((each) => ({ names: [...each.names, everything], node: each.node ?? node }))
    const whole = parts.map((each) => (each.names.length === 1 ? { names: [], node: each.node } : each))
    this.use(whole)
    return whole
  }

  private call(node: SyntaxNode, scope: Scope): Value {
    const name = node.procedure?.type === 'variable' ? String(node.procedure.value) : ''
    if (clockFunctions.has(name)) this.found.clock()
    // $eval sees everything that the expression sees.
    if (name === 'eval') this.use([{ names: [], node }])
    const { procedure } = node
    if (procedure && procedure.type !== 'variable' && procedure.type !== 'lambda') this.use(this.visit(procedure, scope))
    const own = procedure?.type === 'lambda' ? { lambda: procedure, scope } : scope.variables.get(name)
    const args = (node.arguments ?? []).filter((each) => each.type !== 'operator')
    const given = args.map((each) => (each.type === 'lambda' ? [] : this.visit(each, scope)))
    const isHanded = itemFunctions.has(name) && args.some((each) => isOwnFunction(each, scope))
    if (own !== undefined && 'lambda' in own) return this.body(own.lambda, { ...own.scope, depth: scope.depth + 1 }, given)
    const made = args.flatMap((each) => this.handed(each, given.flat(), scope))
    const as = isHanded || asksPresence.has(name) || (name === 'lookup' && args[1]?.type === 'string') ? 'presence' : 'value'
    given.forEach((each, index) => { if (!(countsOnly.has(name) && isJoin(args[index]))) this.use(each, as) })
    // A function of the library that is given nothing takes the context.
    if (args.length === 0 && functions.has(name) && !clockFunctions.has(name)) this.use(scope.context, as)
    if (args.length === 1 && takesContextFirst.has(name)) this.use(scope.context)
    if (name === 'lookup') return this.lookup(args, given)
    // A yes or no, a number or a text is part of nothing.
    if ((functions.get(name)?.gives ?? 'any') !== 'any') return []
    return isHanded && givesMade.has(name) ? made : [...given.flat(), ...made]
  }

  /** A function that is handed to another one can be given anything that the other one has. */
  private handed(argument: SyntaxNode, given: Value, scope: Scope): Value {
    const known = argument.type === 'variable' ? scope.variables.get(String(argument.value)) : undefined
    if (argument.type === 'lambda') return this.body(argument, { ...scope, depth: scope.depth + 1 }, (argument.arguments ?? []).map(() => given))
    if (known === undefined || !('lambda' in known)) return []
    return this.body(known.lambda, { ...known.scope, depth: scope.depth + 1 }, (known.lambda.arguments ?? []).map(() => given))
  }

  private body(lambda: SyntaxNode, scope: Scope, given: readonly Value[]): Value {
    if (scope.depth > deepest) return given.flat()
    const parameters = (lambda.arguments ?? []).map((each, index): readonly [string, Binding] => [String(each.value), given[index] ?? []])
    return lambda.body ? this.visit(lambda.body, { ...scope, variables: new Map([...scope.variables, ...parameters]) }) : []
  }

  private lookup([, key]: readonly SyntaxNode[], [list = []]: readonly Value[]): Value {
    const name = key?.type === 'string' && typeof key.value === 'string' ? key.value : undefined
    if (name === undefined || !key) return this.all(list, key ?? { type: 'name' })
    if (list.some((each) => each.names.length === 1 && each.names[0] === 'segments')) this.found.segment(name, key)
    const value = step(list, { ...key, value: name })
    this.use(value)
    return value
  }

  private block(node: SyntaxNode, scope: Scope): Value {
    let inner = scope
    let value: Value = []
    for (const each of node.expressions ?? []) {
      value = this.visit(each, inner)
      inner = { ...inner, variables: new Map([...inner.variables, ...this.bindings(each, inner, value)]) }
    }
    return value
  }

  /** `$x := …`, also where it stands inside the statement. */
  private bindings(node: SyntaxNode, scope: Scope, value: Value): readonly (readonly [string, Binding])[] {
    return [...allNodes(node)].flatMap((each): readonly (readonly [string, Binding])[] => {
      if (each.type !== 'bind' || !each.lhs || isPairs(each.lhs)) return []
      if (each.rhs?.type === 'lambda') return [[String(each.lhs.value), { lambda: each.rhs, scope }]]
      return [[String(each.lhs.value), each === node ? value : each.rhs ? this.visit(each.rhs, scope) : []]]
    })
  }

  private condition(node: SyntaxNode, scope: Scope): Value {
    if (node.condition) this.use(this.visit(node.condition, scope), 'presence')
    return [...(node.then ? this.visit(node.then, scope) : []), ...(node.else ? this.visit(node.else, scope) : [])]
  }

  /** `x ~> $f(y)`: the function is given x first. */
  private apply(node: SyntaxNode, scope: Scope): Value {
    const left = isPairs(node.lhs) ? undefined : node.lhs
    if (!left || !node.rhs) return []
    if (node.rhs.type === 'function') return this.call({ ...node.rhs, arguments: [left, ...(node.rhs.arguments ?? [])] }, scope)
    const given = this.visit(left, scope)
    this.use(given, isOwnFunction(node.rhs, scope) ? 'presence' : 'value')
    return [...given, ...this.handed(node.rhs, given, scope), ...(node.rhs.type === 'lambda' ? [] : this.visit(node.rhs, { ...scope, context: given }))]
  }
}

const countsOnly = new Set(['exists', 'count'])
/** Functions that ask whether something is there, or how much of it. */
const asksPresence = new Set([...countsOnly, 'not', 'boolean'])
/** Functions that hand items to a function: what that one reads of them is all that is read. */
const itemFunctions = new Set(['map', 'filter', 'single', 'reduce', 'sort', 'each', 'sift'])
/** Of those, the ones that give what the function makes. */
const givesMade = new Set(['map', 'reduce', 'each'])
/** Functions that look into the context when they are given one argument instead of two. */
const takesContextFirst = new Set(['lookup', 'each', 'sift'])

function isOwnFunction(node: SyntaxNode, { variables }: Scope): boolean {
  const known = node.type === 'variable' ? variables.get(String(node.value)) : undefined
  return node.type === 'lambda' || (known !== undefined && 'lambda' in known)
}

function isJoin(node: SyntaxNode | undefined): boolean {
  return node?.type === 'path' && node.steps?.at(-1)?.focus !== undefined
}

function step(value: Value, node: SyntaxNode): Value {
  return value.map((each) => ({ names: each.names.at(-1) === everything ? each.names : [...each.names, String(node.value)], node: each.names.length === 0 ? node : (each.node ?? node), ...secondOf(each, node), last: node }))
}

function secondOf({ names, second }: Path, node: SyntaxNode): Pick<Path, 'second'> {
  if (names.length === 1) return { second: node }
  return second ? { second } : {}
}

/** `%` goes back by one name; from the first one it reaches the whole document. */
function parentsOf(value: Value, node: SyntaxNode): Value {
  return value.map((each) => ({ names: each.names.slice(0, -1), node: each.node ?? node }))
}

function bound(variables: ReadonlyMap<string, Binding>, node: SyntaxNode, value: Value): ReadonlyMap<string, Binding> {
  if (node.focus === undefined && node.index === undefined) return variables
  return new Map([...variables, ...(node.focus === undefined ? [] : [[node.focus, value] as const]), ...(typeof node.index === 'string' ? [[node.index, []] as const] : [])])
}

/** Names bound inside the expression: variables, parameters, `@$x`, `#$i`. */
export function boundNames(tree: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of allNodes(tree)) {
    if (node.type === 'bind' && node.lhs && !isPairs(node.lhs)) names.add(textOf(node.lhs))
    if (node.type === 'lambda') for (const each of node.arguments ?? []) names.add(textOf(each))
    if (node.focus !== undefined) names.add(node.focus)
    if (typeof node.index === 'string') names.add(node.index)
    if (node.type === 'index') names.add(textOf(node))
  }
  return names
}

function textOf(node: SyntaxNode): string {
  return typeof node.value === 'string' ? node.value : ''
}
