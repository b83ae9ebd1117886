// The tree that JSONata's parser gives, as far as we read it. Positions are the END of a node's token, in UTF-16 units.

export interface SyntaxNode {
  readonly type: string
  readonly value?: unknown
  readonly position?: number
  readonly steps?: readonly SyntaxNode[]
  readonly stages?: readonly SyntaxNode[]
  readonly predicate?: readonly SyntaxNode[]
  readonly expr?: SyntaxNode
  readonly expression?: SyntaxNode
  readonly expressions?: readonly SyntaxNode[]
  readonly terms?: readonly SyntaxNode[]
  readonly arguments?: readonly SyntaxNode[]
  readonly procedure?: SyntaxNode
  readonly body?: SyntaxNode
  readonly lhs?: SyntaxNode | readonly (readonly SyntaxNode[])[]
  readonly rhs?: SyntaxNode
  readonly condition?: SyntaxNode
  readonly then?: SyntaxNode
  readonly else?: SyntaxNode
  readonly pattern?: SyntaxNode
  readonly update?: SyntaxNode
  readonly delete?: SyntaxNode
  readonly group?: { readonly lhs: readonly (readonly SyntaxNode[])[] }
  readonly focus?: string
  readonly index?: string
  readonly keepArray?: boolean
  readonly keepSingletonArray?: boolean
}

/** All nodes below and including this one. */
export function* allNodes(node: SyntaxNode): Generator<SyntaxNode> {
  yield node
  for (const child of childrenOf(node)) yield* allNodes(child)
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const lhs = node.lhs === undefined ? [] : isPairs(node.lhs) ? node.lhs.flat() : [node.lhs]
  const single = [node.expr, node.expression, node.procedure, node.body, node.rhs, node.condition, node.then, node.else, node.pattern, node.update, node.delete]
  const lists = [node.steps, node.stages, node.predicate, node.expressions, node.terms, node.arguments, node.group?.lhs.flat()]
  return [...lhs, ...single.filter((each) => each !== undefined), ...lists.flatMap((each) => each ?? [])]
}

export function isPairs(lhs: SyntaxNode['lhs']): lhs is readonly (readonly SyntaxNode[])[] {
  return Array.isArray(lhs)
}
