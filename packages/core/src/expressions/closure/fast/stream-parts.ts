// A path, or a value with predicates, as the parts that a loop over its items goes through. Undefined for what only the exact
// evaluator does: bindings, grouping, `[]`, and orders whose keys can fail.
import { type TreeNode, textOf } from '../tree-node.js'
import { areWithin, boolean, kindsOf, missing, nothing, object, text } from './kinds.js'
import { filterMayFail, mayFail } from './may-fail.js'

export type Part =
  | { readonly is: 'name'; readonly name: string; readonly mayFail: boolean }
  | { readonly is: 'map'; readonly node: TreeNode; readonly mayFail: boolean }
  | { readonly is: 'sort'; readonly key: TreeNode; readonly descending: boolean; readonly mayFail: boolean }
  | { readonly is: 'filter'; readonly node: TreeNode; readonly isCondition: boolean; readonly mayFail: boolean }
  | { readonly is: 'pick'; readonly position: number; readonly mayFail: boolean }

export function isStep(part: Part): boolean {
  return part.is === 'name' || part.is === 'map' || part.is === 'sort'
}

export function toParts(node: TreeNode): readonly Part[] | undefined {
  if (node.keepArray || node.keepSingletonArray || node.group) return undefined
  if (node.predicate) {
    if (!isUnwrapped(node)) return undefined
    const { predicate, ...bare } = node
    const stages = toStages(predicate)
    return stages && [{ is: 'map', node: bare, mayFail: mayFail(bare) }, ...stages]
  }
  if (node.type !== 'path') return undefined
  const parts: Part[] = []
  for (const [index, step] of (node.steps ?? []).entries()) {
    const found = (index === 0 ? toOrderedParts(step) : undefined) ?? toStepParts(step)
    if (!found) return undefined
    parts.push(...found)
  }
  // A sort as the first step would order the context itself.
  return parts[0]?.is === 'sort' ? undefined : parts
}

/** That a predicate sees the same value as anything else would: not a sequence that still has to be unwrapped. */
function isUnwrapped({ type, value, procedure }: TreeNode): boolean {
  if (type === 'function') return procedure?.type === 'variable' && (procedure.value === 'sort' || procedure.value === 'split')
  return type === 'variable' || type === 'block' || type === 'condition' || (type === 'unary' && value === '[')
}

function toStepParts(step: TreeNode): readonly Part[] | undefined {
  if (step.tuple || step.focus !== undefined || step.index !== undefined || step.ancestor || step.keepArray || step.consarray) return undefined
  const stages = toStages(step.stages ?? [])
  const first = stages && toStep(step)
  return first && [first, ...stages]
}

/** `(a^(b))[0]`: only the first in order is wanted. */
function toOrderedParts(step: TreeNode): readonly Part[] | undefined {
  const [inner, ...more] = step.type === 'block' ? (step.expressions ?? []) : []
  if (inner?.type !== 'path' || more.length > 0 || step.keepArray || step.predicate) return undefined
  const parts = toParts(inner)
  const stages = toStages(step.stages ?? [])
  return parts?.at(-1)?.is === 'sort' && stages?.[0]?.is === 'pick' ? [...parts, ...stages] : undefined
}

function toStep(step: TreeNode): Part | undefined {
  switch (step.type) {
    case 'name': return step.predicate || step.group ? undefined : { is: 'name', name: textOf(step.value), mayFail: false }
    case 'sort': return toSort(step)
    case 'parent':
    case 'wildcard':
    case 'descendant': return undefined
    default: {
      const { stages, ...bare } = step
      return { is: 'map', node: bare, mayFail: mayFail(bare) }
    }
  }
}

function toSort(step: TreeNode): Part | undefined {
  const [term, ...more] = step.terms ?? []
  const key = term?.expression
  if (!key || more.length > 0 || mayFail(key)) return undefined
  // The exact evaluator orders where the keys do not compare: that can be an error.
  return { is: 'sort', key, descending: term.descending === true, mayFail: true }
}

const conditions = boolean | text | nothing | missing | object

function toStages(stages: readonly TreeNode[]): readonly Part[] | undefined {
  const parts: Part[] = []
  for (const stage of stages) {
    if (stage.type !== 'filter' || !stage.expr) return undefined
    const { expr } = stage
    if (expr.type === 'number') parts.push({ is: 'pick', position: Math.floor(expr.value as number), mayFail: false })
    else parts.push({ is: 'filter', node: expr, isCondition: areWithin(kindsOf(expr), conditions), mayFail: filterMayFail(expr) })
  }
  return parts
}

/** Parts that can be gone through item by item: a new run starts where two steps could both fail, the first for all items first. */
export function toRuns(parts: readonly Part[]): readonly (readonly Part[])[] {
  const runs: Part[][] = [[]]
  let hasFailing = false
  for (const step of splitSteps(parts)) {
    const fails = step.some((part) => part.mayFail)
    if ((fails && hasFailing) || step[0]?.is === 'sort') {
      runs.push([])
      hasFailing = false
    }
    hasFailing ||= fails
    runs.at(-1)?.push(...step)
  }
  return runs
}

function splitSteps(parts: readonly Part[]): readonly (readonly Part[])[] {
  const steps: Part[][] = []
  for (const part of parts) {
    if (isStep(part)) steps.push([part])
    else steps.at(-1)?.push(part)
  }
  return steps
}

