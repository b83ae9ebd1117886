// A condition in its parts: the operands of `and`, `or`, `$not` and `? :`, down to single conditions, each with its place in the
// text and a tree that can be evaluated by itself.
import type { TextRange } from './expression.js'
import { spanOf } from './places.js'
import { boundNames } from './reads.js'
import { type SyntaxNode, isPairs } from './syntax-tree.js'

export type ClauseKind = 'and' | 'or' | 'not' | 'choice' | 'condition'

/** What a part is to the choice around it. */
export type ClauseRole = 'if' | 'then' | 'else'

export interface ClauseTree {
  readonly kind: ClauseKind
  readonly role?: ClauseRole
  readonly range: TextRange
  readonly text: string
  /** With the variables that are bound before it. */
  readonly tree: SyntaxNode
  /** What is bound before it, in order. */
  readonly bindings: readonly SyntaxNode[]
  readonly node: SyntaxNode
  readonly parts: readonly ClauseTree[]
}

/** @example toClauses(parsed.expression.tree, text).parts.map((each) => each.text) // ['person.score > 5', '$exists(accounts)'] */
export function toClauses(tree: SyntaxNode, text: string): ClauseTree {
  return new Splitter(text, boundNames(tree)).split(tree, [])
}

/** The single conditions of a clause, in the order of the text. */
export function conditionsOf(clause: ClauseTree): readonly ClauseTree[] {
  return clause.parts.length === 0 ? [clause] : clause.parts.flatMap(conditionsOf)
}

class Splitter {
  constructor(
    private readonly text: string,
    private readonly bound: ReadonlySet<string>,
  ) {}

  split(node: SyntaxNode, bindings: readonly SyntaxNode[], role?: ClauseRole): ClauseTree {
    const inner = insideBlock(node)
    if (inner) return this.split(inner.last, [...bindings, ...inner.before], role)
    const operator = operatorOf(node)
    if (operator) return this.clause(operator, node, bindings, { role, parts: operandsOf(node, operator).map((each) => this.split(each, bindings)) })
    const negated = this.negatedBy(node)
    if (negated) return this.clause('not', node, bindings, { role, parts: [this.split(negated, bindings)] })
    if (node.type === 'condition' && isBare(node) && node.condition && node.then) {
      const branches = [this.split(node.condition, bindings, 'if'), this.split(node.then, bindings, 'then'), ...(node.else ? [this.split(node.else, bindings, 'else')] : [])]
      return this.clause('choice', node, bindings, { role, parts: branches })
    }
    return this.clause('condition', node, bindings, { role, parts: [] })
  }

  private clause(kind: ClauseKind, node: SyntaxNode, bindings: readonly SyntaxNode[], { role, parts }: { readonly role: ClauseRole | undefined; readonly parts: readonly ClauseTree[] }): ClauseTree {
    const range = spanOf(node, this.text)
    const tree: SyntaxNode = bindings.length === 0 ? node : { type: 'block', expressions: [...bindings, node] }
    return { kind, ...(role === undefined ? {} : { role }), range, text: this.text.slice(range.from, range.to), tree, bindings, node, parts }
  }

  private negatedBy(node: SyntaxNode): SyntaxNode | undefined {
    const isNot = node.type === 'function' && isBare(node) && node.procedure?.type === 'variable' && node.procedure.value === 'not' && !this.bound.has('not')
    const [argument, ...others] = node.arguments ?? []
    return isNot && others.length === 0 ? argument : undefined
  }
}

/** Parentheses, and blocks whose last expression is the value, with what is bound before it. */
export function insideBlock(node: SyntaxNode): { readonly before: readonly SyntaxNode[]; readonly last: SyntaxNode } | undefined {
  if (node.type !== 'block' || !isBare(node)) return undefined
  const last = node.expressions?.at(-1)
  return last && last.type !== 'bind' ? { before: node.expressions?.slice(0, -1) ?? [], last } : undefined
}

function operatorOf(node: SyntaxNode): 'and' | 'or' | undefined {
  return node.type === 'binary' && isBare(node) && (node.value === 'and' || node.value === 'or') ? node.value : undefined
}

/** `a and b and c` is one clause of three. */
function operandsOf(node: SyntaxNode, operator: 'and' | 'or'): readonly SyntaxNode[] {
  const left = node.lhs === undefined || isPairs(node.lhs) ? [] : operatorOf(node.lhs) === operator ? operandsOf(node.lhs, operator) : [node.lhs]
  return [...left, ...(node.rhs ? [node.rhs] : [])]
}

/** Nothing is taken out of its value: `(a or b)[0]` is no plain clause. */
function isBare(node: SyntaxNode): boolean {
  return (node.predicate ?? []).length === 0 && (node.stages ?? []).length === 0 && node.group === undefined && node.keepArray !== true
}
