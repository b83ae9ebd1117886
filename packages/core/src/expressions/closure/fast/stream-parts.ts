// A path, or a value with predicates, as the parts that a loop over its items goes through. Undefined for what only the exact
// evaluator does: grouping, `[]`, positions among rows of bindings, and orders whose keys can fail.
import { type TreeNode, textOf } from '../tree-node.js'
import { areWithin, boolean, kindsOf, missing, nothing, object, text } from './kinds.js'
import { filterMayFail, mayFail } from './may-fail.js'

/** What a step binds: `@$x`, `#$i`, and for `%` what it came from. With any of them, and after it, a path is a stream of rows. */
export interface Binds {
  readonly focus?: string | undefined
  readonly index?: string | undefined
  readonly ancestor?: string | undefined
}

export type Part =
  | { readonly is: 'name'; readonly name: string; readonly mayFail: boolean; readonly rows?: Binds }
  | { readonly is: 'map'; readonly node: TreeNode; readonly mayFail: boolean; readonly rows?: Binds }
  | { readonly is: 'sort'; readonly key: TreeNode; readonly descending: boolean; readonly mayFail: boolean }
  | { readonly is: 'filter'; readonly node: TreeNode; readonly isCondition: boolean; readonly mayFail: boolean }
  | { readonly is: 'pick'; readonly position: number; readonly mayFail: boolean }

export function isStep(part: Part): boolean {
  return part.is === 'name' || part.is === 'map' || part.is === 'sort'
}

export function toParts(node: TreeNode): readonly Part[] | undefined {
  return node.group ? undefined : toItemParts(node)
}

/** The same, for the items that a grouping takes. */
export function toItemParts(node: TreeNode): readonly Part[] | undefined {
  if (node.keepArray || node.keepSingletonArray || node.tuple) return undefined
  if (node.predicate) {
    const ordered = toOrderedParts(node)
    if (ordered || !isUnwrapped(node)) return ordered
    const { predicate, ...bare } = node
    const stages = toStages(predicate)
    return stages && [{ is: 'map', node: bare, mayFail: mayFail(bare) }, ...stages]
  }
  return node.type === 'path' ? toPathParts(node.steps ?? []) : undefined
}

function toPathParts(steps: readonly TreeNode[]): readonly Part[] | undefined {
  const parts: Part[] = []
  const firstRow = steps.findIndex((step) => step.tuple)
  for (const [index, step] of steps.entries()) {
    const areRows = firstRow >= 0 && index >= firstRow
    const found = areRows ? toRowParts(step) : ((index === 0 ? toOrderedParts(step) : undefined) ?? toStepParts(step))
    if (!found) return undefined
    parts.push(...found)
  }
  // Rows are not collected between steps, so that only one of them may fail. A sort as the first step would order the context itself.
  const isMixed = firstRow >= 0 && toRuns(parts).length > 1
  return isMixed || parts[0]?.is === 'sort' ? undefined : parts
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

function toRowParts(step: TreeNode): readonly Part[] | undefined {
  const stages = toStages(step.stages ?? [])
  if (!stages?.every((stage) => stage.is === 'filter' && stage.isCondition) || step.keepArray || step.predicate || step.group || step.consarray) return undefined
  const rows: Binds = { focus: step.focus, index: step.index, ancestor: step.ancestor?.label }
  if (step.type === 'name') return [{ is: 'name', name: textOf(step.value), mayFail: false, rows }, ...stages]
  return step.type === 'variable' || step.type === 'parent' ? [{ is: 'map', node: { type: step.type, value: step.value, ...(step.slot ? { slot: step.slot } : {}) }, mayFail: false, rows }, ...stages] : undefined
}

/** `(a^(b))[0]`: only the first in order is wanted. */
function toOrderedParts(step: TreeNode): readonly Part[] | undefined {
  const [inner, ...more] = step.type === 'block' ? (step.expressions ?? []) : []
  if (inner?.type !== 'path' || more.length > 0 || step.keepArray || step.group || (step.predicate && step.stages)) return undefined
  const parts = toParts(inner)
  const stages = toStages(step.predicate ?? step.stages ?? [])
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
