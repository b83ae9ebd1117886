// What an expression reads: the names at the root of what it sees, the sandbox variables, other segments, the clock.
// It errs on the side of reading more: what cannot be followed counts as reading everything (`*`).
import type { Reads, RootRead, TextRange } from './expression.js'
import { rangeOf } from './places.js'
import { type SyntaxNode, allNodes, childrenOf, isPairs } from './syntax-tree.js'

export function toReads(tree: SyntaxNode, text: string): Reads {
  const found = new Found(text)
  visit(tree, 'root', found)
  return found.reads()
}

/** `root`: bare names mean the document. `item`: they mean an item of a list inside it. */
type Context = 'root' | 'item'

class Found {
  readonly #roots = new Map<string, TextRange>()
  readonly #vars = new Map<string, TextRange>()
  readonly #segments = new Map<string, TextRange>()
  #usesClock = false

  constructor(private readonly text: string) {}

  root(node: SyntaxNode, name = textOf(node)): void { this.keep(this.#roots, name, node) }
  var(node: SyntaxNode): void { this.keep(this.#vars, textOf(node), node) }
  segment(node: SyntaxNode): void { this.keep(this.#segments, textOf(node), node) }
  clock(): void { this.#usesClock = true }

  reads(): Reads {
    return { roots: list(this.#roots), vars: list(this.#vars), segments: list(this.#segments), usesClock: this.#usesClock }
  }

  private keep(into: Map<string, TextRange>, name: string, node: SyntaxNode): void {
    if (!into.has(name)) into.set(name, rangeOf(node, this.text))
  }
}

function list(found: ReadonlyMap<string, TextRange>): readonly RootRead[] {
  return [...found].map(([name, range]) => ({ name, range })).sort((a, b) => a.range.from - b.range.from)
}

const clockFunctions = new Set(['now', 'millis', 'daysAgo', 'hoursAgo'])

function visit(node: SyntaxNode, context: Context, found: Found): void {
  switch (node.type) {
    case 'path':
      visitPath(node, context, found)
      return
    case 'name':
      if (context === 'root') found.root(node)
      visitAttached(node, found)
      return
    case 'variable':
      visitVariable(node, context, found)
      return
    case 'wildcard':
    case 'descendant':
    case 'parent':
      found.root(node, '*')
      return
    case 'function':
    case 'partial':
      visitCall(node, context, found)
      return
    default:
      for (const child of childrenOf({ ...node, stages: [], predicate: [], terms: [] })) visit(child, context, found)
      visitAttached(node, found)
  }
}

// Predicates, sort keys and groupings see the items of what they are attached to.
function visitAttached(node: SyntaxNode, found: Found): void {
  for (const each of [...(node.stages ?? []), ...(node.predicate ?? []), ...(node.terms ?? []), ...(node.group?.lhs.flat() ?? [])]) visit(each, 'item', found)
}

function visitPath(path: SyntaxNode, context: Context, found: Found): void {
  const [first, second] = path.steps ?? []
  const rest = path.steps?.slice(1) ?? []
  if (!first) return
  if (isVariable(first, '$') || (isVariable(first, '') && context === 'root')) {
    if (second?.type === 'name') found.root(second)
    else found.root(second ?? first, '*')
  } else if (isVariable(first, 'vars')) {
    if (second) found.var(second)
  } else {
    visit(first, context, found)
  }
  noteSegment(path.steps ?? [], context, found)
  visitAttached(first, found)
  for (const step of rest) visitStep(step, found)
  visitAttached({ ...path, steps: [] }, found)
}

function visitStep(step: SyntaxNode, found: Found): void {
  if (step.type === 'name') visitAttached(step, found)
  else if (step.type === 'wildcard' || step.type === 'descendant') visitAttached(step, found)
  else visit(step, 'item', found)
}

/** `segments.x`, or `$$.segments.x` from anywhere. */
function noteSegment(steps: readonly SyntaxNode[], context: Context, found: Found): void {
  const [first, second, third] = steps
  if (context === 'root' && first?.type === 'name' && textOf(first) === 'segments' && second) found.segment(second)
  if (first && isVariable(first, '$') && second?.type === 'name' && textOf(second) === 'segments' && third) found.segment(third)
}

function visitVariable(node: SyntaxNode, context: Context, found: Found): void {
  if (isVariable(node, '$') || (isVariable(node, '') && context === 'root')) found.root(node, '*')
  visitAttached(node, found)
}

function visitCall(node: SyntaxNode, context: Context, found: Found): void {
  const name = node.procedure?.type === 'variable' ? textOf(node.procedure) : ''
  if (clockFunctions.has(name)) found.clock()
  const [list, key] = node.arguments ?? []
  if (name === 'lookup' && key?.type === 'string' && list && isRootPath(list, 'segments')) found.segment(key)
  // $eval sees everything that the expression sees.
  if (name === 'eval') found.root(node, '*')
  if (node.procedure && node.procedure.type !== 'variable') visit(node.procedure, context, found)
  for (const each of node.arguments ?? []) visit(each, context, found)
  visitAttached(node, found)
}

function isRootPath(node: SyntaxNode, name: string): boolean {
  return node.type === 'path' && node.steps?.length === 1 && node.steps[0]?.type === 'name' && textOf(node.steps[0]) === name
}

function isVariable(node: SyntaxNode, name: string): boolean {
  return node.type === 'variable' && node.value === name
}

function textOf(node: SyntaxNode): string {
  return typeof node.value === 'string' ? node.value : ''
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

export { rangeOf } from './places.js'
