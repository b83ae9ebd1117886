// What JSONata values are inside a closure: plain JSON, undefined for missing, functions, and sequences. A sequence is a list
// that an expression made; unlike a list of the data it stands for its only item when it has one.
import { raise } from './failure.js'
import type { FunctionValue } from './function-value.js'

const longestSequence = 1_000_000

// What a list is, in bits of a property that no list of the data has.
const mark: unique symbol = Symbol('jsonata list')
const sequence = 1
const single = 2
const rows = 4
const wrapper = 8
const written = 16

interface MarkedList extends Array<unknown> {
  [mark]: number
}

export type Sequence = MarkedList

function marked(bits: number): MarkedList {
  const made = [] as unknown as MarkedList
  made[mark] = bits
  return made
}

function hasBits(value: unknown, bits: number): value is MarkedList {
  // Of other lists the property is missing, which has no bits.
  return Array.isArray(value) && ((value as unknown as MarkedList)[mark] & bits) !== 0
}

export function newSequence(): Sequence {
  return marked(sequence)
}

/** A list that the expression writes out as a step of a path: paths do not flatten it. */
export function newWrittenList(): unknown[] {
  return marked(written)
}

export function isSequence(value: unknown): value is Sequence {
  return hasBits(value, sequence)
}

export function isWritten(value: unknown): value is unknown[] {
  return hasBits(value, written)
}

/** Rows of bindings instead of values. */
export function isRows(value: unknown): value is Sequence {
  return hasBits(value, rows)
}

export function newRows(): Sequence {
  return marked(sequence | rows)
}

/** `a[]`: it stays a list when it has one item. */
export function keepAsList(value: Sequence): void {
  value[mark] |= single
}

/** Around a document that is itself a list, so that it counts as one value. */
export function wrapped(document: readonly unknown[]): Sequence {
  const made = marked(sequence | wrapper)
  made.push(document)
  return made
}

export function isWrapper(value: unknown): value is Sequence {
  return hasBits(value, wrapper)
}

export function addItem(to: unknown[], item: unknown): void {
  if (to.length >= longestSequence) raise({ code: 'D2015', value: longestSequence })
  to.push(item)
}

export function sequenceOf(item: unknown): Sequence {
  const made = newSequence()
  made.push(item)
  return made
}

export function checkLength(length: number): void {
  if (length > longestSequence) raise({ code: 'D2015', value: length })
}

/** What a node gives: an empty sequence is missing, and one of one item is the item. */
export function unwrap(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const bits = (value as unknown as Partial<MarkedList>)[mark]
  if (bits === undefined || (bits & (sequence | rows)) !== sequence || value.length > 1) return value
  if (value.length === 0) return undefined
  return (bits & single) === 0 ? value[0] : value
}

export function isFunctionValue(value: unknown): value is FunctionValue {
  return typeof value === 'function'
}

/** NaN is no number; an infinite one is an error. */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false
  if (!Number.isFinite(value)) raise({ code: 'D1001', value })
  return true
}

export function isListOfNumbers(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false
  let all = true
  for (const item of value) if (!isNumeric(item)) all = false
  return all
}

export function isListOfStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** $boolean, but false for missing. */
export function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value !== ''
  if (typeof value === 'number') return isNumeric(value) && value !== 0
  if (value === null || typeof value !== 'object') return false
  if (!Array.isArray(value)) return hasKeys(value)
  if (value.length === 1) return truth(value[0])
  let any = false
  // All items, as the reference does: an infinite number among them is an error.
  for (const item of value) if (truth(item)) any = true
  return any
}

function hasKeys(value: object): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return true
  return false
}

export function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((item, index) => deepEqual(item, right[index]))
  const names = Object.getOwnPropertyNames(left)
  if (names.length !== Object.getOwnPropertyNames(right).length) return false
  const a = left as Readonly<Record<string, unknown>>
  const b = right as Readonly<Record<string, unknown>>
  return names.every((name) => Object.hasOwn(b, name)) && names.every((name) => deepEqual(a[name], b[name]))
}

/** The value of a field; of a list, the values of all its items, flattened. */
export function lookup(input: unknown, key: string): unknown {
  if (Array.isArray(input)) {
    const found = newSequence()
    for (const item of input) addAll(found, lookup(item, key))
    return found
  }
  if (input !== null && typeof input === 'object' && Object.hasOwn(input, key)) return (input as Readonly<Record<string, unknown>>)[key]
  return undefined
}

function addAll(to: Sequence, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) addItem(to, item)
  else if (value !== undefined) addItem(to, value)
}

/** $append: the result is a plain list, not a sequence. */
export function append(first: unknown, second: unknown): unknown {
  if (first === undefined) return second
  if (second === undefined) return first
  const left: readonly unknown[] = Array.isArray(first) ? first : [first]
  const right: readonly unknown[] = Array.isArray(second) ? second : [second]
  checkLength(left.length + right.length)
  return [...left, ...right]
}
