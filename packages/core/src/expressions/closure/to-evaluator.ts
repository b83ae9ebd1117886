// A node of the syntax tree → the function that evaluates it exactly as jsonata 2.2.2 does, synchronously. This is the complete
// evaluator: generated code rests on it wherever a value is not of the usual shape, and it gives the details of every error.
import { toApplyEvaluator, toCallEvaluator, toPartialEvaluator } from './calls.js'
import type { Evaluator } from './function-value.js'
import { frameIn } from './frame.js'
import { raise } from './failure.js'
import { toGroupEvaluator } from './grouping.js'
import { toLambdaEvaluator } from './lambdas.js'
import { toBinaryEvaluator } from './operators.js'
import { toPathEvaluator } from './paths.js'
import { filterBy } from './predicates.js'
import { toMatcherEvaluator } from './regexes.js'
import { toTransformEvaluator } from './transforms.js'
import { type TreeNode, child, left, pairs, textOf } from './tree-node.js'
import { type Sequence, newSequence, newWrittenList, isSequence, isRows, keepAsList, isWrapper, addItem, checkLength, unwrap, isFunctionValue, isNumeric, truth, keysOf, lookup, append } from './values.js'

export function toEvaluator(node: TreeNode): Evaluator {
  return withUnwrapping(node, withGrouping(node, withPredicates(node, toCore(node))))
}

function withPredicates(node: TreeNode, inner: Evaluator): Evaluator {
  if (!node.predicate) return inner
  const filters = node.predicate.map((each) => filterBy(child(each.expr), toEvaluator))
  return (input, env) => filters.reduce((value, filter) => filter(value, env), inner(input, env))
}

function withGrouping(node: TreeNode, inner: Evaluator): Evaluator {
  if (node.type === 'path' || !node.group) return inner
  const group = toGroupEvaluator(node.group, toEvaluator)
  return (input, env) => group(inner(input, env), env)
}

const neverSequences: ReadonlySet<string> = new Set(['string', 'number', 'value', 'lambda', 'regex', 'transform'])

function withUnwrapping(node: TreeNode, inner: Evaluator): Evaluator {
  if (neverSequences.has(node.type) && !node.predicate) return inner
  if (!node.keepArray) return (input, env) => unwrap(inner(input, env))
  return (input, env) => {
    const value = inner(input, env)
    if (isSequence(value) && !isRows(value)) keepAsList(value)
    return unwrap(value)
  }
}

function toCore(node: TreeNode): Evaluator {
  switch (node.type) {
    case 'path': return toPathEvaluator(node, toEvaluator)
    case 'binary': return toBinaryEvaluator(node, toEvaluator)
    case 'unary': return toUnaryEvaluator(node)
    case 'name': {
      const name = textOf(node.value)
      return (input) => lookup(input, name)
    }
    case 'string':
    case 'number':
    case 'value': {
      const { value } = node
      return () => value
    }
    case 'wildcard': return (input) => childrenOf(input)
    case 'descendant': return (input) => descendantsOf(input)
    case 'parent': {
      const label = node.slot?.label ?? ''
      return (_input, env) => env[label]
    }
    case 'condition': return toConditionEvaluator(node)
    case 'block': return toBlockEvaluator(node)
    case 'bind': return toBindEvaluator(node)
    case 'regex': return toMatcherEvaluator(node)
    case 'function': return toCallEvaluator(node, toEvaluator)
    case 'variable': return toVariableEvaluator(node)
    case 'lambda': return toLambdaEvaluator(node, toEvaluator)
    case 'partial': return toPartialEvaluator(node, toEvaluator)
    case 'apply': return toApplyEvaluator(node, toEvaluator)
    case 'transform': return toTransformEvaluator(node, toEvaluator)
    default: return () => undefined
  }
}

function toVariableEvaluator(node: TreeNode): Evaluator {
  const name = textOf(node.value)
  if (name === '') return (input) => (isWrapper(input) ? input[0] : input)
  return (_input, env) => env[name]
}

function toConditionEvaluator(node: TreeNode): Evaluator {
  const condition = toEvaluator(child(node.condition))
  const then = toEvaluator(child(node.then))
  const otherwise = node.else ? toEvaluator(node.else) : undefined
  return (input, env) => (truth(condition(input, env)) ? then(input, env) : otherwise?.(input, env))
}

function toBlockEvaluator(node: TreeNode): Evaluator {
  const parts = (node.expressions ?? []).map(toEvaluator)
  return (input, env) => {
    const frame = frameIn(env)
    let value: unknown
    for (const part of parts) value = part(input, frame)
    return value
  }
}

function toBindEvaluator(node: TreeNode): Evaluator {
  const name = textOf(left(node).value)
  const value = toEvaluator(child(node.rhs))
  return (input, env) => (env[name] = value(input, env))
}

function toUnaryEvaluator(node: TreeNode): Evaluator {
  if (node.value === '[') return toListEvaluator(node)
  if (node.value === '{') return toGroupEvaluator({ lhs: pairs(node), ...(node.position === undefined ? {} : { position: node.position }) }, toEvaluator)
  const operand = toEvaluator(child(node.expression))
  return (input, env) => {
    const value = operand(input, env)
    if (value === undefined) return undefined
    return isNumeric(value) ? -value : raise({ code: 'D1002', position: node.position, token: node.value, value })
  }
}

function toListEvaluator(node: TreeNode): Evaluator {
  const items = (node.expressions ?? []).map((item) => ({ isList: item.value === '[', evaluate: toEvaluator(item) }))
  return (input, env) => {
    const values = items.map((item) => item.evaluate(input, env))
    const list: unknown[] = node.consarray ? newWrittenList() : []
    for (const [index, value] of values.entries()) {
      if (value === undefined) continue
      if (!items[index]?.isList && Array.isArray(value)) for (const each of value) list.push(each)
      else list.push(value)
    }
    checkLength(list.length)
    return list
  }
}

function childrenOf(input: unknown): Sequence | unknown[] {
  const context: unknown = isWrapper(input) && input.length > 0 ? input[0] : input
  let found: Sequence | unknown[] = newSequence()
  for (const key of keysOf(context)) {
    const value = (context as Readonly<Record<string, unknown>>)[key]
    // Adding a list makes the result a plain one, which is not unwrapped any more.
    if (Array.isArray(value)) found = append(found, value.flat(Infinity)) as unknown[]
    else if (isSequence(found)) addItem(found, value)
    else found.push(value)
  }
  return found
}

function descendantsOf(input: unknown): unknown {
  if (input === undefined) return undefined
  const found = newSequence()
  collectDescendants(input, found)
  return found.length === 1 ? found[0] : found
}

function collectDescendants(input: unknown, found: Sequence): void {
  if (Array.isArray(input)) {
    for (const item of input) collectDescendants(item, found)
    return
  }
  addItem(found, input)
  if (isFunctionValue(input)) return
  for (const key of keysOf(input)) collectDescendants((input as Readonly<Record<string, unknown>>)[key], found)
}
