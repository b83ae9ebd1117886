// JSONata text → Expression, or what is wrong with it and where.
import type { Json } from '../kernel/json.js'
import { type Closed, toClosure } from './closure/to-closure.js'
import type { Bindings, Expression, ExpressionProblem, Outcome, Parsed, TextRange } from './expression.js'
import { toVerdict } from './is-true.js'
import { type JsonataExpression, compileJsonata, libraryFunctionNames } from './jsonata.js'
import { evaluateReference, referenceSettings } from './reference.js'
import { findRegexProblem } from './regex-engine.js'
import { rangeOf } from './places.js'
import { boundNames, toReads } from './reads.js'
import { type SyntaxNode, allNodes, childrenOf } from './syntax-tree.js'

export interface ParseOptions {
  /** Functions that the expression may call besides JSONata's and ours: `{sourceKey: (id, source) => …}`. */
  readonly functions?: Readonly<Record<string, (...args: readonly Json[]) => Json | undefined>>
}

/** @example parseExpression('person.title = "CEO"') // {ok: true, expression} */
export function parseExpression(text: string, options: ParseOptions = {}): Parsed {
  const compiled = compile(text)
  if ('problems' in compiled) return { ok: false, problems: compiled.problems }
  const tree = compiled.expression.ast() as unknown as SyntaxNode
  if (depthOf(tree) > deepest) return { ok: false, problems: [tooDeep(text)] }
  const problems = [...findUnknownNames(tree, text, options), ...findMissingSigils(tree, text), ...findRegexProblems(tree, text)]
  if (problems.length > 0) return { ok: false, problems: problems.sort((a, b) => a.range.from - b.range.from) }
  return { ok: true, expression: toExpression(text, compiled.expression, tree, options) }
}

/** Deeper trees are the work of a program, and cost everybody who walks them. */
const deepest = 500

function tooDeep(text: string): ExpressionProblem {
  return { code: 'too-deep', message: `The expression is nested more than ${String(deepest)} levels deep`, range: { from: 0, to: Math.min(text.length, 40) } }
}

// Without recursion, which is what it guards.
function depthOf(tree: SyntaxNode): number {
  let level: readonly SyntaxNode[] = [tree]
  let depth = 0
  while (level.length > 0 && depth <= deepest) {
    level = level.flatMap(childrenOf)
    depth++
  }
  return depth
}

type Compiled = { readonly expression: JsonataExpression } | { readonly problems: readonly ExpressionProblem[] }

// One syntax error at a time: what the parser's recover mode adds to it are echoes of the first (measured over thirty mistakes).
function compile(text: string): Compiled {
  if (text.trim() === '') return { problems: [{ code: 'S0207', message: 'The expression is empty', range: { from: 0, to: 0 } }] }
  try {
    return { expression: compileJsonata(text, referenceSettings) }
  } catch (error) {
    // The parser itself goes down by recursion.
    return { problems: [error instanceof RangeError ? tooDeep(text) : toSyntaxProblem(error as SyntaxFailure, text)] }
  }
}

interface SyntaxFailure {
  readonly code?: string
  readonly position?: number
  readonly token?: unknown
  readonly message?: string
}

function toSyntaxProblem(failure: SyntaxFailure, text: string): ExpressionProblem {
  const code = failure.code ?? 'S0500'
  const range = tokenRange(failure, text)
  const operator = operatorAround(text, range)
  const written = text.slice(operator.from, operator.to)
  const instead = foreignOperators[written]
  if (instead !== undefined) return { code, message: `JSONata has no ${written}; write ${instead}`, range: operator }
  return { code, message: syntaxMessage(failure), range }
}

/** Operators of other languages, and what JSONata has for them. */
const foreignOperators: Readonly<Record<string, string>> = { '==': '=', '===': '=', '&&': 'and', '||': 'or', '!': '$not(…)', '!==': '!=', '<>': '!=' }

function operatorAround(text: string, { from, to }: TextRange): TextRange {
  const before = /[=&|!<>]*$/.exec(text.slice(0, from))?.[0] ?? ''
  const after = /^[=&|!<>]*/.exec(text.slice(to))?.[0] ?? ''
  return { from: from - before.length, to: to + after.length }
}

// The parser's own words where they help; these two speak of its workings.
function syntaxMessage({ code, token, message }: SyntaxFailure): string {
  const what = typeof token === 'string' && token !== '(end)' ? `"${token}"` : undefined
  if (code === 'S0211' && what) return `Something is missing before ${what}`
  if (code === 'S0201' && what) return `Did not expect ${what} here; an operator may be missing before it`
  return message ?? 'The expression cannot be parsed'
}

function tokenRange({ position, token }: SyntaxFailure, text: string): TextRange {
  const to = Math.min(position ?? text.length, text.length)
  const written = typeof token === 'string' && token !== '(end)' ? token : ''
  const from = to - written.length
  return from >= 0 && text.slice(from, to) === written ? { from, to } : { from: Math.max(0, to - 1), to }
}

const boundByUs = new Set(['vars', 'daysAgo', 'hoursAgo', '', '$'])

function findUnknownNames(tree: SyntaxNode, text: string, options: ParseOptions): readonly ExpressionProblem[] {
  const bound = boundNames(tree)
  const isKnown = (name: string): boolean => boundByUs.has(name) || bound.has(name) || libraryFunctionNames.has(name) || options.functions?.[name] !== undefined
  const called = new Set([...allNodes(tree)].flatMap((node) => (node.type === 'function' && node.procedure ? [node.procedure] : [])))
  const problems = new Map<string, ExpressionProblem>()
  for (const node of allNodes(tree)) {
    if (node.type !== 'variable' || typeof node.value !== 'string' || isKnown(node.value)) continue
    const isCall = called.has(node)
    const code = isCall ? 'unknown-function' : 'unknown-variable'
    problems.set(`${code} ${node.value}`, { code, message: `$${node.value} is ${isCall ? 'no function' : 'not bound'}`, range: rangeOf(node, text) })
  }
  return [...problems.values()]
}

/** `count(events)`: without its sigil a function is a field, and calling one fails for everybody. */
function findMissingSigils(tree: SyntaxNode, text: string): readonly ExpressionProblem[] {
  const nodes = [...allNodes(tree)]
  // An object made by the expression may hold a function under any name.
  if (nodes.some((node) => node.type === 'lambda') && nodes.some((node) => node.type === 'unary' && node.value === '{')) return []
  return nodes.flatMap((node) => {
    const [called, ...others] = node.type === 'function' ? (node.procedure?.steps ?? []) : []
    if (called?.type !== 'name' || others.length > 0 || typeof called.value !== 'string' || !(libraryFunctionNames.has(called.value) || boundByUs.has(called.value))) return []
    return [{ code: 'T1005', message: `${called.value} is a field here; the function is $${called.value}`, range: rangeOf(called, text) }]
  })
}

function findRegexProblems(tree: SyntaxNode, text: string): readonly ExpressionProblem[] {
  return [...allNodes(tree)].flatMap((node) => {
    if (node.type !== 'regex' || !(node.value instanceof RegExp)) return []
    const problem = findRegexProblem(node.value)
    return problem === undefined ? [] : [{ code: 'regex-unsupported', message: problem, range: regexRange(node, text) }]
  })
}

function regexRange(node: SyntaxNode, text: string): TextRange {
  const to = node.position ?? text.length
  const source = node.value instanceof RegExp ? node.value.source : ''
  const from = text.lastIndexOf(`/${source}/`, to)
  return from < 0 ? { from: Math.max(0, to - 1), to } : { from, to }
}

function toExpression(text: string, compiled: JsonataExpression, tree: SyntaxNode, options: ParseOptions): Expression {
  return new ParsedExpression(text, compiled, tree, options)
}

class ParsedExpression implements Expression {
  readonly reads
  #closed: Closed | undefined

  constructor(
    readonly text: string,
    private readonly compiled: JsonataExpression,
    readonly tree: SyntaxNode,
    private readonly options: ParseOptions,
  ) {
    this.reads = toReads(tree, text)
  }

  get evaluatedBy(): 'closure' | 'reference' {
    return this.closed().accepted ? 'closure' : 'reference'
  }

  get declined(): string | undefined {
    const closed = this.closed()
    return closed.accepted ? undefined : closed.reason
  }

  evaluate(document: Json, bindings: Bindings): Outcome | Promise<Outcome> {
    const closed = this.closed()
    return closed.accepted ? closed.closure.evaluate(document, bindings) : this.reference(document, bindings)
  }

  matches(document: Json, bindings: Bindings): boolean | string | Promise<boolean | string> {
    const closed = this.closed()
    return closed.accepted ? closed.closure.matches(document, bindings) : this.matchesByReference(document, bindings)
  }

  reference(document: Json, bindings: Bindings): Promise<Outcome> {
    return evaluateReference(this.compiled, { tree: this.tree, document, bindings, functions: this.options.functions })
  }

  private async matchesByReference(document: Json, bindings: Bindings): Promise<boolean | string> {
    const verdict = toVerdict(await this.reference(document, bindings))
    return verdict.is === 'error' ? verdict.code : verdict.is === 'in'
  }

  private closed(): Closed {
    return (this.#closed ??= toClosure(this.tree, this.text, this.options))
  }
}
