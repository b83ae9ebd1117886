// `^( )`: sorting by one or more keys.
import { raise } from './failure.js'
import type { Frame } from './frame.js'
import type { Compile, Evaluator } from './function-value.js'
import { mergeSort } from './merge-sort.js'
import { type Row, frameOfRow } from './rows.js'
import { type TreeNode, child } from './tree-node.js'
import { isRows } from './values.js'

interface Term {
  readonly key: Evaluator
  readonly descending: boolean
}

export function toSortEvaluator(step: TreeNode, compile: Compile): (input: ArrayLike<unknown>, env: Frame) => unknown {
  const terms = (step.terms ?? []).map((term): Term => ({ key: compile(child(term.expression)), descending: term.descending === true }))
  return (input, env) => {
    if (input.length <= 1) return input
    if (!Array.isArray(input)) return input
    const areRows = isRows(input)
    const keyOf = (term: Term, item: unknown): unknown => (areRows ? term.key((item as Row)['@'], frameOfRow(item as Row, env)) : term.key(item, env))
    return mergeSort(input, (a, b) => {
      for (const term of terms) {
        const order = compareKeys(keyOf(term, a), keyOf(term, b), { descending: term.descending, position: step.position })
        if (order !== 0) return order === 1
      }
      return false
    })
  }
}

function compareKeys(a: unknown, b: unknown, { descending, position }: { descending: boolean; position: number | undefined }): number {
  // Missing keys go last in either direction.
  if (a === undefined) return b === undefined ? 0 : 1
  if (b === undefined) return -1
  if (!isSortable(a) || !isSortable(b)) raise({ code: 'T2008', position, value: isSortable(a) ? b : a })
  if (typeof a !== typeof b) raise({ code: 'T2007', position, value: a, value2: b })
  if (a === b) return 0
  const order = a < b ? -1 : 1
  return descending ? -order : order
}

function isSortable(key: unknown): key is string | number {
  return typeof key === 'string' || typeof key === 'number'
}
