// Whether evaluating a node can be an error on some document. Where it cannot, loops may end early and steps may be fused.
import { functions } from '../../functions/index.js'
import { isPairs } from '../../syntax-tree.js'
import { type TreeNode, pairs, textOf } from '../tree-node.js'
import { areWithin, castMayFail, kindsOf, missing, number, text } from './kinds.js'

export function mayFail(node: TreeNode): boolean {
  if (node.group || (node.predicate ?? []).some((each) => each.expr && filterMayFail(each.expr))) return true
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
    case 'name':
    case 'variable':
    case 'regex':
    case 'lambda': return false
    case 'path': return (node.steps ?? []).some(stepMayFail)
    case 'binary': return binaryMayFail(node)
    case 'unary': return node.value !== '[' || (node.expressions ?? []).some(mayFail) || pairs(node).length > 0
    case 'condition': return [node.condition, node.then, node.else].some((each) => each && mayFail(each)) || (node.condition !== undefined && castMayFail(kindsOf(node.condition)))
    case 'block': return (node.expressions ?? []).some(mayFail)
    case 'bind': return node.rhs === undefined || mayFail(node.rhs)
    case 'function': return callMayFail(node)
    default: return true
  }
}

export function stepMayFail(step: TreeNode): boolean {
  return step.type === 'sort' || mayFail(step) || (step.stages ?? []).some((stage) => stage.expr !== undefined && filterMayFail(stage.expr))
}

export function filterMayFail(predicate: TreeNode): boolean {
  return predicate.type !== 'number' && (mayFail(predicate) || castMayFail(kindsOf(predicate)))
}

function binaryMayFail(node: TreeNode): boolean {
  const { lhs, rhs } = node
  if (lhs === undefined || isPairs(lhs) || !rhs) return true
  const left = lhs
  if (isClockArithmetic(node)) return false
  if (mayFail(left) || mayFail(rhs)) return true
  const [l, r] = [kindsOf(left), kindsOf(rhs)]
  switch (node.value) {
    case '=':
    case '!=':
    case 'in': return false
    case 'and':
    case 'or': return castMayFail(l) || castMayFail(r)
    case '<':
    case '<=':
    case '>':
    case '>=': return !(areWithin(l | r, number | missing) || areWithin(l | r, text | missing))
    case '&': return !areWithin(l | r, text | missing)
    default: return true
  }
}

/** `$millis() - 30 * 86400000`: numbers far from any limit. */
function isClockArithmetic(node: TreeNode): boolean {
  if (node.type === 'number') return Math.abs(node.value as number) < 1e15
  if (node.type === 'function') return node.procedure?.type === 'variable' && node.procedure.value === 'millis' && node.arguments?.length === 0
  if (node.type !== 'binary' || !['+', '-', '*'].includes(textOf(node.value)) || isPairs(node.lhs)) return false
  return node.lhs !== undefined && node.rhs !== undefined && isClockArithmetic(node.lhs) && isClockArithmetic(node.rhs)
}

const total: ReadonlySet<string> = new Set(['exists', 'count', 'millis'])
const casts: ReadonlySet<string> = new Set(['not', 'boolean'])

function callMayFail(node: TreeNode): boolean {
  const name = node.procedure?.type === 'variable' ? textOf(node.procedure.value) : ''
  const args = node.arguments ?? []
  const spec = functions.get(name)
  if (!spec || args.some(mayFail)) return true
  if (total.has(name)) return args.length !== (name === 'millis' ? 0 : 1)
  if (casts.has(name)) return args.length !== 1 || args.some((arg) => castMayFail(kindsOf(arg)))
  const { shortcut } = spec
  if (!shortcut?.isTotal || shortcut.takes.length !== args.length) return true
  return args.some((arg, index) => !areWithin(kindsOf(arg), missing | (shortcut.takes[index] === 'string' ? text : number)))
}
