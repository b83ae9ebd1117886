// Predicates: which items of a list, or whether a single value, an expression in brackets selects.
import type { Compile, Evaluator } from './function-value.js'
import { type Row, frameOfRow } from './rows.js'
import { spend } from './run.js'
import type { TreeNode } from './tree-node.js'
import { type Sequence, newSequence, isRows, newRows, addItem, isNumeric, isListOfNumbers, truth } from './values.js'

/** `x[…]`: a number picks by position, a list of numbers several, anything else is a condition. */
export function filterBy(predicate: TreeNode, compile: Compile): Evaluator {
  if (predicate.type === 'number') {
    const position = Math.floor(predicate.value as number)
    return (input) => pick(input, position)
  }
  const evaluate = compile(predicate)
  return (input, env) => {
    const areRows = isRows(input)
    const items: readonly unknown[] = Array.isArray(input) ? input : [input]
    const results = areRows ? newRows() : newSequence()
    spend(items.length)
    for (const [index, item] of items.entries()) {
      const value = areRows ? evaluate((item as Row)['@'], frameOfRow(item as Row, env)) : evaluate(item, env)
      addSelected(results, { item, value, index, length: items.length })
    }
    return results
  }
}

function pick(input: unknown, position: number): unknown {
  const items: readonly unknown[] = Array.isArray(input) ? input : [input]
  const item = items[position < 0 ? items.length + position : position]
  if (Array.isArray(item)) return item
  const results = isRows(input) ? newRows() : newSequence()
  if (item !== undefined) addItem(results, item)
  return results
}

function addSelected(results: Sequence, { item, value, index, length }: { item: unknown; value: unknown; index: number; length: number }): void {
  if (isNumeric(value)) {
    if (isPosition(value, index, length)) addItem(results, item)
  } else if (isListOfNumbers(value)) {
    for (const each of value) if (isPosition(each, index, length)) addItem(results, item)
  } else if (truth(value)) {
    addItem(results, item)
  }
}

function isPosition(wanted: number, index: number, length: number): boolean {
  const position = Math.floor(wanted)
  return (position < 0 ? length + position : position) === index
}
