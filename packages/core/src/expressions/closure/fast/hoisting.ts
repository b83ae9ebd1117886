// Parts of an expression that depend on nothing but the clock: evaluated once for each instant, not for each document.
import { isWithoutContext } from '../../functions/first-parameter.js'
import { functions } from '../../functions/index.js'
import { isPairs } from '../../syntax-tree.js'
import { type Frame, frameIn } from '../frame.js'
import type { Evaluator } from '../function-value.js'
import { run } from '../run.js'
import { type TreeNode, textOf } from '../tree-node.js'
import { areWithin, kindsOf, number, text } from './kinds.js'
import type { Unit } from './unit.js'

export class Hoisted {
  at = NaN
  value: unknown = undefined

  constructor(
    private readonly evaluate: Evaluator,
    private readonly base: Frame,
  ) {}

  /** Fails again each time when it fails. */
  renew(): unknown {
    this.value = this.evaluate(undefined, frameIn(this.base))
    this.at = run.nowMs
    return this.value
  }
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '&'])
const pure: ReadonlySet<string> = new Set(['millis', 'now', 'daysAgo', 'hoursAgo', 'fromMillis', 'toMillis', 'number', 'string', 'floor', 'ceil', 'round', 'abs', 'substring', 'lowercase', 'uppercase'])

/** A call or an operation on constants and the clock alone. */
export function isHoistable(node: TreeNode, unit: Unit, boundNames: ReadonlyMap<string, unknown>): boolean {
  return (node.type === 'function' || node.type === 'binary') && isConstant(node, unit, boundNames)
}

function isConstant(node: TreeNode, unit: Unit, boundNames: ReadonlyMap<string, unknown>): boolean {
  if (node.predicate || node.group || node.keepArray) return false
  if (node.type === 'string' || node.type === 'number') return true
  if (node.type === 'block') {
    const [only, ...more] = node.expressions ?? []
    return only !== undefined && more.length === 0 && isConstant(only, unit, boundNames)
  }
  if (node.type === 'binary') return arithmetic.has(textOf(node.value)) && node.lhs !== undefined && !isPairs(node.lhs) && isConstant(node.lhs, unit, boundNames) && node.rhs !== undefined && isConstant(node.rhs, unit, boundNames)
  if (node.type !== 'function' || node.procedure?.type !== 'variable') return false
  const name = textOf(node.procedure.value)
  const args = node.arguments ?? []
  // Without arguments most functions take the context.
  const isCall = pure.has(name) && functions.has(name) && !boundNames.has(name) && !unit.hostNames.has(name) && (args.length > 0 || name === 'millis' || name === 'now')
  return isCall && isWithoutContext(name, args.length, firstTypeOf(args[0])) && args.every((arg) => isConstant(arg, unit, boundNames))
}

function firstTypeOf(arg: TreeNode | undefined): string | undefined {
  if (!arg) return undefined
  const kinds = kindsOf(arg)
  return areWithin(kinds, text) ? 'string' : areWithin(kinds, number) ? 'number' : undefined
}
