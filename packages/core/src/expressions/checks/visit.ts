// What the walk over an expression meets, one by one, with what is known at each: the rules look at nothing else.
import type { SyntaxNode } from '../syntax-tree.js'
import type { Rows, Scope, Seen, Thing } from './seen.js'

/** A piece of the expression and what it can be. */
export interface Piece {
  readonly node: SyntaxNode
  readonly seen: Seen
}

export type Visit =
  | UnknownName
  | Comparison
  | { readonly at: 'arithmetic'; readonly node: SyntaxNode; readonly operands: readonly Piece[] }
  | Call
  | Condition
  | Filter
  | { readonly at: 'default'; readonly node: SyntaxNode; readonly left: SyntaxNode; readonly right: SyntaxNode; readonly operator: '??' | '?:' }
  /** A whole chain of `and` or of `or`. */
  | { readonly at: 'chain'; readonly node: SyntaxNode; readonly operator: 'and' | 'or'; readonly operands: readonly SyntaxNode[]; readonly seenOf: (node: SyntaxNode) => Seen | undefined }
  | { readonly at: 'sort'; readonly node: SyntaxNode; readonly of: Seen }
  /** `*` and `**`. */
  | { readonly at: 'wildcard'; readonly node: SyntaxNode; readonly from: Seen }
  /** A list of the root is read, with these predicates right behind it. */
  | { readonly at: 'relation'; readonly node: SyntaxNode; readonly relation: string; readonly filters: readonly SyntaxNode[]; readonly around: SyntaxNode | undefined }

export interface UnknownName {
  readonly at: 'unknown'
  readonly node: SyntaxNode
  readonly name: string
  readonly from: Thing | Extract<Seen, { is: 'plain' }>
  /** The path that it stands in, and whether it is its first step. */
  readonly path: SyntaxNode
  readonly isFirst: boolean
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in'

export interface Comparison {
  readonly at: 'comparison'
  readonly node: SyntaxNode
  readonly operator: ComparisonOperator
  readonly left: Piece
  readonly right: Piece
  readonly scope: Scope
}

export interface Call {
  readonly at: 'call'
  readonly node: SyntaxNode
  readonly name: string
  readonly args: readonly Piece[]
  readonly gives: Seen
  readonly scope: Scope
}

export interface Condition {
  readonly at: 'condition'
  readonly node: SyntaxNode
  readonly seen: Seen
  /** `branch`: a value that a choice or a default gives, as the result. */
  readonly role: 'operand' | 'choice' | 'predicate' | 'result' | 'branch'
  /** Pieces that are evaluated only where the condition holds, or beside it. */
  readonly beside: readonly SyntaxNode[]
}

export interface Filter {
  readonly at: 'filter'
  readonly node: SyntaxNode
  /** What is filtered, and as what. */
  readonly of: Seen
  readonly gives: Seen
  /** The step whose items are filtered. */
  readonly step: SyntaxNode
  readonly path: SyntaxNode | undefined
  /** It stands behind a step that is taken for each row. */
  readonly over: Rows | undefined
}

export function ordering(operator: ComparisonOperator): operator is '<' | '<=' | '>' | '>=' {
  return operator === '<' || operator === '<=' || operator === '>' || operator === '>='
}

/** The same comparison read from the other side. */
export function flipped(operator: ComparisonOperator): ComparisonOperator {
  const other = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const
  return ordering(operator) ? other[operator] : operator
}
