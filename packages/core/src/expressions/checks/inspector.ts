// What the parts of the walk need from each other.
import type { RootShape } from '../root-shape.js'
import type { SyntaxNode } from '../syntax-tree.js'
import type { Scope, Seen } from './seen.js'
import type { Visit } from './visit.js'

export interface Inspector {
  readonly shape: RootShape
  /** What the piece can be; everything in it is met on the way. */
  see(node: SyntaxNode, scope: Scope): Seen
  meet(visit: Visit): void
  /** As written, without white space. */
  textOf(node: SyntaxNode): string
  /** A function of the expression, given its arguments. */
  applied(lambda: Extract<Seen, { is: 'lambda' }>, args: readonly Seen[]): Seen
  condition(node: SyntaxNode, role: 'operand' | 'choice' | 'predicate' | 'result', beside: readonly SyntaxNode[]): void
  /** The node right above the one that is being looked at. */
  readonly around: SyntaxNode | undefined
}
