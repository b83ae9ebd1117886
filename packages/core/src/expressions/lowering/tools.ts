// What the parts of lowering need from each other.
import type { TextRange } from '../expression.js'
import type { Ir } from '../ir.js'
import type { RootShape } from '../root-shape.js'
import type { SyntaxNode } from '../syntax-tree.js'
import type { Abstract, LoweringScope } from './abstract.js'
import type { Surroundings } from './conversions.js'

export interface LoweringTools {
  readonly shape: RootShape
  lower(node: SyntaxNode, scope: LoweringScope): Abstract
  place(node: SyntaxNode): TextRange
  cannot(reason: string, node: SyntaxNode): Abstract
  around(node: SyntaxNode, scope: LoweringScope): Surroundings
  truth(value: Abstract, node: SyntaxNode, scope: LoweringScope): Ir
  exists(value: Abstract, node: SyntaxNode, scope: LoweringScope): Ir
  /** One value; several are an error of JSONata's, or whatever `more` says. */
  one(node: SyntaxNode | undefined, scope: LoweringScope, more?: Extract<Ir, { kind: 'single' }>['more']): Ir
  /** A lambda of one parameter, given its argument. */
  applied(lambda: Extract<Abstract, { is: 'lambda' }>, argument: Abstract, depth: number): Abstract
}
