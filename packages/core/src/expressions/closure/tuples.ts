// Paths with bindings: `@$x` (the item), `#$i` (its position), `%` (the step before). Rows of bindings go from step to step;
// `@` in a row is the current value.
import type { Frame } from './frame.js'
import type { Compile } from './function-value.js'
import { filterBy } from './predicates.js'
import { type Row, frameOfRow, newRow } from './rows.js'
import { spend } from './run.js'
import { toSortEvaluator } from './sorting.js'
import { type TreeNode, child, textOf } from './tree-node.js'
import { type Sequence, isRows, newRows, addItem } from './values.js'

/** `items` matter to the first such step of a path only, before there are rows. */
export type RowStep = (items: ArrayLike<unknown>, rows: Sequence | Row[] | undefined, env: Frame) => Sequence | Row[]

export function toRowStep(step: TreeNode, compile: Compile): RowStep {
  const stages = (step.stages ?? []).map((stage) => toStage(stage, compile))
  const advance = step.type === 'sort' ? toRowSort(step, compile) : toRowMap(step, compile)
  return (items, rows, env) => stages.reduce((value, stage) => stage(value, env), advance(items, rows, env))
}

type Stage = (rows: Sequence | Row[], env: Frame) => Sequence | Row[]

function toStage(stage: TreeNode, compile: Compile): Stage {
  if (stage.type === 'index') {
    const name = textOf(stage.value)
    return (rows) => {
      for (const [index, row] of rows.entries()) (row as Row)[name] = index
      return rows
    }
  }
  const filter = filterBy(child(stage.expr), compile)
  return (rows, env) => filter(rows, env) as Sequence
}

function toRowSort(step: TreeNode, compile: Compile): RowStep {
  const sort = toSortEvaluator(step, compile)
  return (items, rows, env) => {
    if (rows) return sort(rows, env) as Row[]
    const sorted = sort(items, env) as readonly unknown[]
    const made = newRows()
    for (const [index, value] of sorted.entries()) addItem(made, newRow({ '@': value, [String(step.index)]: index }))
    return made
  }
}

function toRowMap(step: TreeNode, compile: Compile): RowStep {
  const evaluate = compile(step)
  return (items, given, env) => {
    const rows = (given ?? (items as readonly unknown[]).map((item): Row => ({ '@': item }))) as readonly Row[]
    const made = newRows()
    spend(rows.length)
    for (const row of rows) {
      const value = evaluate(row['@'], frameOfRow(row, env))
      if (value === undefined) continue
      const values: readonly unknown[] = Array.isArray(value) ? value : [value]
      const areRows = isRows(value)
      for (const [index, each] of values.entries()) addItem(made, areRows ? newRow(row, each as Row) : bound(step, row, each, index))
    }
    return made
  }
}

function bound(step: TreeNode, from: Row, value: unknown, index: number): Row {
  const row = newRow(from)
  if (step.focus) {
    row[step.focus] = value
    row['@'] = from['@']
  } else {
    row['@'] = value
  }
  if (step.index) row[step.index] = index
  if (step.ancestor) row[step.ancestor.label] = from['@']
  return row
}
