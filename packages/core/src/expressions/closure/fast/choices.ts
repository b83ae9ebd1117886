// `a ?? b` and `a ?: b`, whose tree holds the left side twice: once as the condition.
import type { TreeNode } from '../tree-node.js'

export function defaultWhen(node: TreeNode): 'missing' | 'falsy' | undefined {
  if (!node.condition || !node.then || !node.else) return undefined
  const then = JSON.stringify(node.then)
  // The copy loses regexes and functions, and so gives something else.
  if (/"type":"(?:regex|lambda|partial|transform|bind)"/.test(then)) return undefined
  if (JSON.stringify(node.condition) === then) return 'falsy'
  const [arg, ...more] = node.condition.arguments ?? []
  const isExists = node.condition.type === 'function' && node.condition.procedure?.value === 'exists' && arg !== undefined && more.length === 0
  return isExists && JSON.stringify(arg) === then ? 'missing' : undefined
}
