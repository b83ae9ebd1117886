// `| pattern | update, delete |`: a function that gives a changed copy of an object.
import { apply } from './apply.js'
import { raise } from './failure.js'
import type { Frame } from './frame.js'
import type { Compile, Evaluator, FunctionValue } from './function-value.js'
import { toSignature } from './signature.js'
import { type TreeNode, child } from './tree-node.js'
import { isFunctionValue, isListOfStrings, keysOf } from './values.js'

export function toTransformEvaluator(node: TreeNode, compile: Compile): Evaluator {
  const transform = toTransform(node, compile)
  return (_input, env) => {
    const value: FunctionValue = () => {
      throw new TypeError('func.apply is not a function')
    }
    value.about = { kind: 'native', name: 'transform', implementation: (_site, object) => transform(object, env), unchecked: (_site, object) => transform(object, env), signature, arity: 1, parameters: ['obj'] }
    return value
  }
}

const signature = toSignature('<(oa):o>')

function toTransform(node: TreeNode, compile: Compile): (object: unknown, env: Frame) => unknown {
  const pattern = compile(child(node.pattern))
  const change = toChange(node, compile)
  return (object, env) => {
    if (object === undefined) return undefined
    const clone = env['clone']
    if (!isFunctionValue(clone)) raise({ code: 'T2013', position: node.position })
    const copy = apply(clone, [object], { input: null, env })
    const matches = pattern(copy, env)
    if (matches !== undefined) for (const match of Array.isArray(matches) ? matches : [matches]) change(match, env)
    return copy
  }
}

function toChange(node: TreeNode, compile: Compile): (match: unknown, env: Frame) => void {
  const updateNode = child(node.update)
  const update = compile(updateNode)
  const remove = node.delete ? compile(node.delete) : undefined
  return (match, env) => {
    const changed = update(match, env)
    if (changed !== undefined && (typeof changed !== 'object' || changed === null || Array.isArray(changed))) raise({ code: 'T2011', position: updateNode.position, value: changed })
    for (const name of keysOf(changed)) (match as Record<string, unknown>)[name] = (changed as Record<string, unknown>)[name]
    const removed = remove?.(match, env)
    if (removed === undefined) return
    const names: unknown = Array.isArray(removed) ? removed : [removed]
    if (!isListOfStrings(names)) raise({ code: 'T2012', position: node.delete?.position, value: removed })
    if (typeof match === 'object' && match !== null) for (const name of names) Reflect.deleteProperty(match, name)
  }
}
