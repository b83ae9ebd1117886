// What a node uses of the place that it stands in.
import { childrenOf as childrenOfSyntax } from '../../syntax-tree.js'
import type { TreeNode } from '../tree-node.js'

export function childrenOf(node: TreeNode): readonly TreeNode[] {
  return childrenOfSyntax(node)
}

/** Whether it reads fields of the context by name: then it pays to know that the context is an object. */
export function usesContextNames(node: TreeNode): boolean {
  switch (node.type) {
    case 'path': {
      const [first] = node.steps ?? []
      return first !== undefined && (first.type === 'name' || usesContextNames(first))
    }
    case 'name':
    case 'string':
    case 'number':
    case 'value':
    case 'variable':
    case 'regex': return false
    case 'wildcard':
    case 'descendant':
    case 'parent': return false
    default: return childrenOf({ ...node, predicate: [], stages: [] }).some(usesContextNames)
  }
}
