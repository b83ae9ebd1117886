// The shape of a rule: which visits it looks at, and what it finds there.
import type { CheckCode } from '../../kernel/codes/checks.js'
import type { Params } from '../../kernel/codes/code.js'
import type { DiagnosticParams } from '../../kernel/codes/index.js'
import type { TextRange } from '../expression.js'
import type { SyntaxNode } from '../syntax-tree.js'
import type { Visit } from './visit.js'

export interface Finding {
  readonly code: CheckCode
  readonly range: TextRange
  readonly params: Params
}

/** What a rule may know besides the visit. */
export interface About {
  /** Whether the segment is evaluated at each event. */
  readonly streams: boolean
  /** What the expression sees at its root. */
  readonly rootNames: readonly string[]
  /** A piece as written, in one line and not too long. */
  readonly say: (node: SyntaxNode) => string
  /** A piece as written, without white space: equal texts mean the same at one place. */
  readonly textOf: (node: SyntaxNode) => string
  /** A path up to one of its steps, and the steps behind it: `accounts[x]` and `relation.role`. */
  readonly split: (path: SyntaxNode, relation: string) => { readonly rows: string; readonly rest: string } | undefined
}

export interface Found<C extends CheckCode> {
  readonly node: SyntaxNode
  /** Only the node's own token: a name, an operator. */
  readonly token?: boolean
  readonly params: DiagnosticParams<C>
}

export interface Rule {
  readonly code: CheckCode
  readonly find: (visit: Visit, about: About) => readonly { readonly node: SyntaxNode; readonly token?: boolean; readonly params: Params }[]
}

type At = Visit['at']

/** @example defineRule('expression/random', ['call'], (visit) => …) */
export function defineRule<C extends CheckCode, A extends At>(code: C, at: readonly A[], find: (visit: Extract<Visit, { readonly at: A }>, about: About) => readonly Found<C>[]): Rule {
  const isMine = (visit: Visit): visit is Extract<Visit, { readonly at: A }> => (at as readonly At[]).includes(visit.at)
  return { code, find: (visit, about) => (isMine(visit) ? find(visit, about) : []) }
}
