// Blocks whose variables can be JavaScript's: each is bound once, as a part of the block itself, before anything reads it.
import { isPairs } from '../../syntax-tree.js'
import { type TreeNode, textOf } from '../tree-node.js'
import { childrenOf } from './uses.js'

export interface Bound {
  readonly binds: readonly { readonly name: string; readonly value: TreeNode }[]
  readonly last: TreeNode
}

/** Undefined for a block that is not so simple. */
export function boundIn(block: TreeNode): Bound | undefined {
  const parts = block.expressions ?? []
  const last = parts.at(-1)
  if (!last || last.type === 'bind' || bindsLoosely(last)) return undefined
  const binds: { readonly name: string; readonly value: TreeNode }[] = []
  for (const part of parts.slice(0, -1)) {
    if (part.type !== 'bind' || part.predicate || part.group || part.keepArray || !part.rhs || !part.lhs || isPairs(part.lhs) || bindsLoosely(part.rhs)) return undefined
    binds.push({ name: textOf((part.lhs).value), value: part.rhs })
  }
  const names = binds.map((each) => each.name)
  const areLate = binds.some(({ value }, index) => [...variablesIn(value)].some((name) => names.indexOf(name) >= index))
  return areLate || new Set(names).size < names.length ? undefined : { binds, last }
}

/** Whether a node binds a variable in the scope that it stands in. */
export function bindsLoosely(node: TreeNode): boolean {
  if (node.type === 'bind') return true
  if (node.type === 'block' || node.type === 'lambda') return (node.predicate ?? []).some(bindsLoosely)
  return childrenOf(node).some(bindsLoosely)
}

export function* variablesIn(node: TreeNode): Generator<string> {
  if (node.type === 'variable') yield textOf(node.value)
  for (const child of childrenOf(node)) yield* variablesIn(child)
}
