// Paths and predicates: each step maps the items that the step before gave, and flattens what comes out by one level.
import type { Compile, Evaluator } from './function-value.js'
import type { Frame } from './frame.js'
import { toGroupEvaluator } from './grouping.js'
import { filterBy } from './predicates.js'
import type { Row } from './rows.js'
import { spend } from './run.js'
import { toSortEvaluator } from './sorting.js'
import { type TreeNode, child, textOf } from './tree-node.js'
import { toRowStep } from './tuples.js'
import { type Sequence, newSequence, isSequence, isWritten, keepAsList, addItem, sequenceOf } from './values.js'

type Items = ArrayLike<unknown>
type Step = (input: Items, env: Frame) => unknown

export function toPathEvaluator(node: TreeNode, compile: Compile): Evaluator {
  const steps = node.steps ?? []
  const isAbsolute = steps[0]?.type === 'variable'
  const group = node.group ? toGroupEvaluator(node.group, compile) : undefined
  const names = group ? undefined : namesOf(node)
  const walk = steps.some((step) => step.tuple) ? toRowWalk(node, steps, compile) : toWalk(steps, compile)
  const general: Evaluator = (input, env) => {
    const start = Array.isArray(input) && !isAbsolute ? input : [input]
    const walked = walk(start, env)
    const result = node.keepSingletonArray ? keepSingleton(walked.result) : walked.result
    return group ? group(walked.rows ?? result, env) : result
  }
  if (!names) return general
  return (input, env) => {
    const value = readChain(input, names)
    return value === hasList ? general(input, env) : value
  }
}

/** The names of a path of nothing else. */
function namesOf(node: TreeNode): readonly string[] | undefined {
  const steps = node.steps ?? []
  const arePlain = !node.keepSingletonArray && steps.every((step) => step.type === 'name' && !step.stages && !step.tuple && !step.keepArray && !step.predicate && !step.group)
  return arePlain ? steps.map((step) => textOf(step.value)) : undefined
}

const hasList = Symbol('a list on the way')

/** Over objects alone a chain of names needs no sequences. */
function readChain(input: unknown, names: readonly string[]): unknown {
  let value = input
  for (const name of names) {
    if (value === null || typeof value !== 'object') return undefined
    if (Array.isArray(value)) return hasList
    if (!Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return isSequence(value) ? hasList : value
}

type Walk = (start: Items, env: Frame) => { result: unknown; rows?: unknown }

function toWalk(steps: readonly TreeNode[], compile: Compile): Walk {
  const walkers = steps.map((step, index) => (index === 0 && step.consarray ? compile(step) : toStep(step, index === steps.length - 1, compile)))
  return (start, env) => {
    let items: unknown = start
    for (const walker of walkers) {
      items = walker(items as Items, env)
      if (isNothing(items)) break
    }
    return { result: items }
  }
}

function isNothing(items: unknown): boolean {
  return items === undefined || (items as Items).length === 0
}

// From the first step with a binding on, rows go along instead of values.
function toRowWalk(node: TreeNode, steps: readonly TreeNode[], compile: Compile): Walk {
  const first = Math.max(steps.findIndex((step) => step.tuple), steps[0]?.consarray ? 1 : 0)
  const before = toPlainPrefix(steps.slice(0, first), compile)
  const rowSteps = steps.slice(first).map((step) => toRowStep(step, compile))
  return (start, env) => {
    const items = before(start, env)
    if (first > 0 && isNothing(items)) return { result: items }
    let rows: Sequence | Row[] | undefined
    for (const step of rowSteps) rows = step(items as Items, rows, env)
    return { result: rowValues(node, rows), rows }
  }
}

function toPlainPrefix(steps: readonly TreeNode[], compile: Compile): (start: Items, env: Frame) => unknown {
  const walkers = steps.map((step, index) => (index === 0 && step.consarray ? compile(step) : toStep(step, false, compile)))
  return (start, env) => {
    let items: unknown = start
    for (const walker of walkers) {
      items = walker(items as Items, env)
      if (isNothing(items)) break
    }
    return items
  }
}

function rowValues(node: TreeNode, rows: Sequence | Row[] | undefined): unknown {
  if (node.tuple) return rows
  const values = newSequence()
  for (const row of rows ?? []) addItem(values, (row as Row)['@'])
  return values
}

function keepSingleton(result: unknown): unknown {
  const kept = isWritten(result) ? sequenceOf(result) : result
  if (isSequence(kept)) keepAsList(kept)
  // What the reference says of a path that starts with a list and finds nothing in it.
  if (kept === undefined) throw new TypeError('Cannot set properties of undefined (setting keepSingleton)')
  return kept
}

function toStep(step: TreeNode, isLast: boolean, compile: Compile): Step {
  const filters = (step.stages ?? []).map((stage) => filterBy(child(stage.expr), compile))
  if (step.type === 'sort') {
    const sort = toSortEvaluator(step, compile)
    return (input, env) => filters.reduce((value, filter) => filter(value, env), sort(input, env))
  }
  const evaluate = compile(step)
  return (input, env) => {
    const results: unknown[] = []
    const { length } = input
    if (length > 0) spend(length)
    for (let index = 0; index < length; index++) {
      let value = evaluate(input[index], env)
      for (const filter of filters) value = filter(value, env)
      if (value !== undefined) results.push(value)
    }
    return flatten(results, isLast)
  }
}

function flatten(results: readonly unknown[], isLast: boolean): unknown {
  const [only] = results
  if (isLast && results.length === 1 && Array.isArray(only) && !isSequence(only)) return only
  const flat = newSequence()
  for (const value of results) {
    if (!Array.isArray(value) || isWritten(value)) addItem(flat, value)
    else for (const item of value) addItem(flat, item)
  }
  return flat
}
