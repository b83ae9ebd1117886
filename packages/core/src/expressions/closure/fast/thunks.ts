// Bodies of functions end with calls wrapped up as tail calls; a function that runs in place has no need of that.
import { functions } from '../../functions/index.js'
import { type TreeNode, textOf } from '../tree-node.js'

/** Undefined where the wrapping matters: a tail call hands on functions as they are, and not every function takes them so. */
export function withoutTailCalls(body: TreeNode): TreeNode | undefined {
  if (body.type === 'lambda' && body.thunk) return body.body && !(body.body.arguments ?? []).some(isFunctionAsItIs) ? body.body : undefined
  if (body.type === 'condition') {
    const then = body.then && withoutTailCalls(body.then)
    const otherwise = body.else && withoutTailCalls(body.else)
    return then && (otherwise ?? !body.else) ? { ...body, then, ...(otherwise ? { else: otherwise } : {}) } : undefined
  }
  if (body.type === 'block') {
    const last = body.expressions?.at(-1)
    const end = last && withoutTailCalls(last)
    return end && { ...body, expressions: [...(body.expressions ?? []).slice(0, -1), end] }
  }
  return body
}

function isFunctionAsItIs(arg: TreeNode): boolean {
  return arg.type === 'partial' || arg.type === 'transform' || (arg.type === 'variable' && functions.has(textOf(arg.value)))
}
