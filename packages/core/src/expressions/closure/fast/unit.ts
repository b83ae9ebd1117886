// One generated function while it is written: names, constants, and the scopes in it. Nothing of the expression's text becomes
// code but through JSON.stringify: names of fields, texts, numbers.
import type { Frame } from '../frame.js'
import type { Compile } from '../function-value.js'
import type { TreeNode } from '../tree-node.js'
import { type Kinds, anything } from './kinds.js'

/** Lines of JavaScript. */
export type Lines = string[]

export interface Code {
  /** A variable or a literal: cheap to repeat. */
  readonly js: string
  readonly kinds: Kinds
}

export interface Scope {
  /** The variable that holds the context. */
  readonly context: string
  /** That the context is certainly an object, not a list. */
  readonly isObject: boolean
  readonly variables: ReadonlyMap<string, Code>
}

/** What is done with the items of a stream. */
export interface Sink {
  /** Code for one item; nested loops around it end with `stop`. */
  item(item: string, out: Lines): void
  /** Code for what the last step gave when no predicate follows it: it counts as a whole when it is the only one and a list. */
  result?(value: string, out: Lines, isPicked: boolean): void
}

export interface Stream {
  /** Set when the stream gave up. */
  readonly odd: string
  readonly giveUp: string
  readonly stop: string
  /** That no item can make it fail. */
  readonly isTotal: boolean
  /** Whether what the last step gives comes as it is, not through a predicate. */
  readonly endsAsIs: boolean
}

export interface StreamRequest {
  readonly node: TreeNode
  readonly scope: Scope
  readonly out: Lines
  readonly sink: (stream: Stream) => Sink
  /** For a path with a grouping: the items that are grouped. */
  readonly beforeGrouping?: boolean
}

export interface Generate {
  readonly unit: Unit
  value(node: TreeNode, scope: Scope, out: Lines): Code
  /** A JavaScript expression, true where the value counts as true. */
  condition(node: TreeNode, scope: Scope, out: Lines): string
}

export class Unit {
  readonly constants: unknown[] = []
  readonly #known = new Map<unknown, string>()
  #names = 0

  constructor(
    private readonly compile: Compile,
    /** Names of functions of the host, which stand before those of the library. */
    readonly hostNames: ReadonlySet<string>,
    readonly base: Frame,
    /** That objects of the expression's own making are about, whose fields can be sequences. */
    readonly makesObjects: boolean,
  ) {}

  name(prefix = 't'): string {
    return `${prefix}${this.#names++}`
  }

  constant(value: unknown): string {
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const name = `k${this.constants.length}`
    this.constants.push(value)
    this.#known.set(value, name)
    return name
  }

  /** The exact evaluator's call for a node. */
  exact(node: TreeNode, scope: Scope): string {
    return `${this.constant(this.compile(node))}(${scope.context}, ${this.frame(scope)})`
  }

  keep(js: string, kinds: Kinds, out: Lines): Code {
    const name = this.name()
    out.push(`const ${name} = ${js};`)
    return { js: name, kinds }
  }

  fallback(node: TreeNode, scope: Scope, out: Lines, kinds: Kinds = anything): Code {
    return this.keep(this.exact(node, scope), kinds, out)
  }

  private frame({ variables }: Scope): string {
    const root = '(frame || (frame = frameOf(d, V)))'
    if (variables.size === 0) return root
    return `R.frameWith(${root}, {__proto__: null, ${[...variables].map(([name, { js }]) => `[${JSON.stringify(name)}]: ${js}`).join(', ')}})`
  }
}

export function inContext(scope: Scope, context: string, isObject: boolean): Scope {
  return { ...scope, context, isObject }
}

export function withVariable(scope: Scope, name: string, value: Code): Scope {
  return { ...scope, variables: new Map([...scope.variables, [name, value]]) }
}

const identifier = /^[A-Za-z_$][\w$]*$/

/** Reading a field of what is certainly an object. */
export function fieldOf(variable: string, name: string): string {
  const key = JSON.stringify(name)
  if (name in Object.prototype) return `(R.hasOwn(${variable}, ${key}) ? ${variable}[${key}] : undefined)`
  return identifier.test(name) ? `${variable}.${name}` : `${variable}[${key}]`
}

export function isObjectTest(variable: string): string {
  return `typeof ${variable} === 'object' && ${variable} !== null && !isList(${variable})`
}

export function literal(value: unknown): string {
  return typeof value === 'number' ? `(${Object.is(value, -0) ? '-0' : String(value)})` : JSON.stringify(value)
}
