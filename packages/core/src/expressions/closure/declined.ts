// What the closure does not do exactly, and therefore leaves to the reference.
import { isPairs } from '../syntax-tree.js'
import { type SyntaxNode, allNodes, childrenOf } from '../syntax-tree.js'

export interface Declined {
  readonly reason: string
  readonly node: SyntaxNode
}

export function findDeclined(tree: SyntaxNode): Declined | undefined {
  for (const node of allNodes(tree)) {
    const reason = reasonFor(node)
    if (reason !== undefined) return { reason, node }
  }
  return undefined
}

const ofChance: ReadonlySet<unknown> = new Set(['random', 'shuffle'])

function reasonFor(node: SyntaxNode): string | undefined {
  if (node.type === 'variable' && ofChance.has(node.value)) return `$${String(node.value)} gives something else each time`
  // The reference evaluates the items side by side, so that one does not see what another binds.
  const items = sideBySide(node)
  const bound = new Set(items.flatMap((item) => [...boundBy(item)]))
  if (bound.size > 0 && items.length > 1) return 'a variable is bound inside a list or an object'
  return undefined
}

function sideBySide(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === 'unary' && node.value === '[') return node.expressions ?? []
  const pairs = node.group?.lhs ?? (node.type === 'unary' && isPairs(node.lhs) ? node.lhs : [])
  const values = pairs.flatMap(([, value]) => (value ? [value] : []))
  // One pair still gives several values, one for each key.
  return node.group && values[0] ? [...values, values[0]] : values
}

/** Names that a node binds in the scope that it stands in. */
function* boundBy(node: SyntaxNode): Generator<string> {
  if (node.type === 'block' || node.type === 'lambda') return
  if (node.type === 'bind' && node.lhs && !isPairs(node.lhs)) yield String((node.lhs).value)
  for (const child of childrenOf(node)) yield* boundBy(child)
}
