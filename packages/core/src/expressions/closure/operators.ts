// The binary operators: what they take, what they give, and which error comes first.
import { type Failure, placed, raise } from './failure.js'
import type { Compile, Evaluator } from './function-value.js'
import { spend } from './run.js'
import { stringOf } from './strings.js'
import { type TreeNode, child, left as leftOf, textOf } from './tree-node.js'
import { type Sequence, newSequence, checkLength, isNumeric, truth, deepEqual } from './values.js'

type Operation = (left: unknown, right: unknown) => unknown

export function toBinaryEvaluator(node: TreeNode, compile: Compile): Evaluator {
  const operator = textOf(node.value)
  const left = compile(leftOf(node))
  const right = compile(child(node.rhs))
  const place = (failure: Failure): void => {
    failure.position = node.position
    failure.token = operator
  }
  if (operator === 'and') return (input, env) => { const l = left(input, env); return placed(() => truth(l) && truth(right(input, env)), place) }
  if (operator === 'or') return (input, env) => { const l = left(input, env); return placed(() => truth(l) || truth(right(input, env)), place) }
  const operate = operations[operator]
  if (!operate) return (input, env) => { left(input, env); right(input, env); return undefined }
  return (input, env) => {
    const l = left(input, env)
    const r = right(input, env)
    try {
      return operate(l, r)
    } catch (error) {
      place(error as Failure)
      throw error
    }
  }
}

function numeric(left: unknown, right: unknown, calculate: (left: number, right: number) => number): number | undefined {
  if (left !== undefined && !isNumeric(left)) raise({ code: 'T2001', value: left })
  if (right !== undefined && !isNumeric(right)) raise({ code: 'T2002', value: right })
  return left === undefined || right === undefined ? undefined : calculate(left, right)
}

function isComparable(value: unknown): value is string | number | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number'
}

function compare(left: unknown, right: unknown, holds: (left: string | number, right: string | number) => boolean): boolean | undefined {
  if (!isComparable(left) || !isComparable(right)) raise({ code: 'T2010', value: typeof left === 'string' || typeof left === 'number' ? right : left })
  if (left === undefined || right === undefined) return undefined
  if (typeof left !== typeof right) raise({ code: 'T2009', value: left, value2: right })
  return holds(left, right)
}

export function add(left: unknown, right: unknown): number | undefined { return numeric(left, right, (l, r) => l + r) }
export function subtract(left: unknown, right: unknown): number | undefined { return numeric(left, right, (l, r) => l - r) }
export function multiply(left: unknown, right: unknown): number | undefined { return numeric(left, right, (l, r) => l * r) }
export function divide(left: unknown, right: unknown): number | undefined { return numeric(left, right, (l, r) => l / r) }
export function remainder(left: unknown, right: unknown): number | undefined { return numeric(left, right, (l, r) => l % r) }
export function less(left: unknown, right: unknown): boolean | undefined { return compare(left, right, (l, r) => l < r) }
export function atMost(left: unknown, right: unknown): boolean | undefined { return compare(left, right, (l, r) => l <= r) }
export function greater(left: unknown, right: unknown): boolean | undefined { return compare(left, right, (l, r) => l > r) }
export function atLeast(left: unknown, right: unknown): boolean | undefined { return compare(left, right, (l, r) => l >= r) }
export function equals(left: unknown, right: unknown): boolean { return left !== undefined && right !== undefined && deepEqual(left, right) }
export function differs(left: unknown, right: unknown): boolean { return left !== undefined && right !== undefined && !deepEqual(left, right) }

export function includes(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false
  if (!Array.isArray(right)) return right === left
  // Not `includes`, to which NaN equals itself.
  return right.indexOf(left) >= 0
}

export function concatenate(left: unknown, right: unknown): string {
  return (left === undefined ? '' : stringOf(left)) + (right === undefined ? '' : stringOf(right))
}

export function range(left: unknown, right: unknown): Sequence | undefined {
  if (left !== undefined && !Number.isInteger(left)) raise({ code: 'T2003', value: left })
  if (right !== undefined && !Number.isInteger(right)) raise({ code: 'T2004', value: right })
  if (left === undefined || right === undefined) return undefined
  const from = left as number
  const to = right as number
  if (from > to) return undefined
  const size = to - from + 1
  if (size > 1e7) raise({ code: 'D2014', value: size })
  checkLength(size)
  spend(Math.ceil(size / 8))
  const items = newSequence()
  for (let item = from; item <= to; item++) items.push(item)
  return items
}

const operations: Readonly<Record<string, Operation>> = {
  '+': add, '-': subtract, '*': multiply, '/': divide, '%': remainder,
  '<': less, '<=': atMost, '>': greater, '>=': atLeast, '=': equals, '!=': differs,
  in: includes, '&': concatenate, '..': range,
}
