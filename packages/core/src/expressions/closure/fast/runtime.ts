// What generated code calls where the inline code does not do: the library of the exact evaluator in handy form.
import { type Failure, raise } from '../failure.js'
import { type Frame, frameIn } from '../frame.js'
import type { FunctionValue } from '../function-value.js'
import { add, atLeast, atMost, concatenate, differs, divide, equals, greater, includes, less, multiply, range, remainder, subtract } from '../operators.js'
import { run } from '../run.js'
import { Collected } from '../collected.js'
import { type Sequence, addItem, isListOfNumbers, isNumeric, isSequence, lookup, newSequence, truth, unwrap } from '../values.js'

function positionMatches(wanted: number, index: number, length: number): boolean {
  const position = Math.floor(wanted)
  return (position < 0 ? length + position : position) === index
}

/** How many times a predicate's value selects the item at a position. */
function timesSelected(value: unknown, index: number, length: number): number {
  if (isNumeric(value)) return positionMatches(value, index, length) ? 1 : 0
  if (isListOfNumbers(value)) return value.filter((each) => positionMatches(each, index, length)).length
  return truth(value) ? 1 : 0
}

/** What a literal position picks of a value: undefined for nothing. */
function pick(value: unknown, position: number): unknown {
  if (!Array.isArray(value)) return position === 0 || position === -1 ? value : undefined
  return value[position < 0 ? value.length + position : position]
}

/** Arguments are checked as the signature says, then the function runs. */
function call(value: FunctionValue, context: unknown, args: readonly unknown[]): unknown {
  const { about } = value
  if (about?.kind !== 'native') return value(...args)
  const checked = !about.signature || about.needsCheck?.(args) === false ? args : about.signature.validate(args, context)
  return unwrap(about.implementation({ input: context, env: noFrame }, ...checked))
}

const noFrame = frameIn(null)

function negate(value: unknown): unknown {
  if (value === undefined) return undefined
  return isNumeric(value) ? -value : raise({ code: 'D1002', value })
}

/** Undefined when the keys are not all texts or all numbers: then the exact evaluator has to compare pair by pair. */
function sortKeys(items: readonly unknown[], keyOf: (item: unknown) => unknown, takesMissing: boolean): readonly unknown[] | undefined {
  const keys = items.map(keyOf)
  let type = ''
  for (const key of keys) {
    if (key === undefined && takesMissing) continue
    const found = typeof key
    if ((found !== 'string' && found !== 'number') || key !== key) return undefined
    if (type === '') type = found
    else if (type !== found) return undefined
  }
  return keys
}

interface Order {
  readonly keyOf: (item: unknown) => unknown
  readonly descending: boolean
  readonly takesMissing: boolean
}

function compareAt(keys: readonly unknown[], a: number, b: number, descending: boolean): number {
  const l = keys[a] as string
  const r = keys[b] as string
  if (l === r) return a - b
  if ((l as unknown) === undefined) return 1
  if ((r as unknown) === undefined) return -1
  return l < r === descending ? 1 : -1
}

function sorted(items: readonly unknown[], { keyOf, descending, takesMissing }: Order): readonly unknown[] | undefined {
  const keys = sortKeys(items, keyOf, takesMissing)
  if (!keys) return undefined
  return keys.map((_, index) => index).sort((a, b) => compareAt(keys, a, b, descending)).map((index) => items[index])
}

/** The first item in order, without sorting the rest; undefined as a list when that takes the exact evaluator. */
function firstSorted(items: readonly unknown[], { keyOf, descending, takesMissing }: Order): readonly unknown[] | undefined {
  let first = 0
  let best: unknown
  let type = ''
  for (const [index, item] of items.entries()) {
    const key = keyOf(item)
    if (key === undefined && takesMissing) continue
    const found = typeof key
    if ((found !== 'string' && found !== 'number') || key !== key || (type !== '' && type !== found)) return undefined
    if (type === '' || (descending ? (key as string) > (best as string) : (key as string) < (best as string))) {
      first = index
      best = key
    }
    type = found
  }
  return items.length === 0 ? [] : [items[first]]
}

/** Items by a key that has to be a text, and what is made of each group. */
function grouped(items: readonly unknown[], keyOf: (item: unknown) => unknown, valueOf: (group: unknown) => unknown): Record<string, unknown> {
  const groups = Object.create(null) as Record<string, Collected>
  for (const item of items.length === 0 ? [undefined] : items) {
    const key = keyOf(item)
    if (key === undefined) continue
    if (typeof key !== 'string') raise({ code: 'T1003', value: key })
    if (key === '_jsonata_lambda' || key === '_jsonata_function') raise({ code: 'D1013', value: key })
    const known = groups[key]
    if (known) known.add(item)
    else groups[key] = new Collected(item)
  }
  const made = Object.create(null) as Record<string, unknown>
  for (const key of Object.keys(groups)) {
    const value = valueOf(groups[key]?.value)
    if (value !== undefined) made[key] = value
  }
  return made
}

function two(first: unknown, second: unknown): Sequence {
  const made = newSequence()
  made.push(first, second)
  return made
}

function addTo(items: unknown[], value: unknown): void {
  if (Array.isArray(value)) for (const item of value) items.push(item)
  else if (value !== undefined) items.push(value)
}

export const runtime = {
  add, subtract, multiply, divide, remainder, less, atMost, greater, atLeast, equals, differs, includes, concatenate, range,
  truth, unwrap, timesSelected, pick, call, negate, sorted, firstSorted, grouped, two, addTo, addItem, isSequence, run,
  find: (value: unknown, name: string): unknown => unwrap(lookup(value, name)),
  tooLong: (): never => raise({ code: 'D1012', value: 1000 } satisfies Failure),
  frameWith: (frame: Frame, variables: Readonly<Record<string, unknown>>): Frame => Object.assign(frameIn(frame), variables),
  countOf: (value: unknown): number => (value === undefined ? 0 : Array.isArray(value) ? value.length : 1),
  /** Stands for several items where it only matters that there are several. */
  someList: Object.freeze([]),
  isList: Array.isArray,
  hasOwn: Object.hasOwn,
}
