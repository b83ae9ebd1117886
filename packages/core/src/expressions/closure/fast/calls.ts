// Calls of library functions: aggregates over paths become loops, simple functions run inline on the usual types, and callers of
// functions that are written in place become loops as well.
import { functions } from '../../functions/index.js'
import { libraryValue } from '../library.js'
import { Pattern } from '../pattern.js'
import type { TreeNode } from '../tree-node.js'
import { anything, areWithin, boolean, callable, kindsOf, kindsOfCall, missing, number, text } from './kinds.js'
import { emitHigherOrder } from './higher-order.js'
import { emitCount, emitCountDistinct, emitExists, emitFold, isFold } from './sinks.js'
import { namesOf } from './paths.js'
import { isLibraryCall, libraryName } from './library-calls.js'
import type { Code, Generate, Lines, Scope, Unit } from './unit.js'

export function emitCall(generate: Generate, node: TreeNode, scope: Scope, out: Lines): Code {
  const { unit } = generate
  const name = libraryName(unit, node, scope)
  const args = node.arguments ?? []
  if (name === undefined) return unit.fallback(node, scope, out)
  const [first] = args
  const special = first && (emitAggregate(generate, { name, first, isOnly: args.length === 1, node }, scope, out) ?? emitHigherOrder(generate, { name, args, node }, scope, out))
  if (special) return special
  if (name === 'contains' && args[1]?.type === 'regex') return emitPatternTest(generate, node, scope, out)
  if (name === 'millis' && args.length === 0) return { js: 'N', kinds: number }
  // Functions as arguments need a scope to run in.
  if (takesFunction.has(name) || (takesPattern.has(name) && args.some(mayBeFunction))) return unit.fallback(node, scope, out)
  return emitPlainCall(generate, { name, args }, scope, out)
}

const takesFunction: ReadonlySet<string> = new Set(['map', 'filter', 'single', 'reduce', 'sift', 'each', 'sort', 'eval', 'match'])

const takesPattern: ReadonlySet<string> = new Set(['contains', 'replace', 'split'])

function mayBeFunction(arg: TreeNode): boolean {
  return arg.type !== 'path' && (kindsOf(arg) & callable) !== 0
}

interface Aggregate {
  readonly name: string
  readonly first: TreeNode
  readonly isOnly: boolean
  readonly node: TreeNode
}

function emitAggregate(generate: Generate, { name, first, isOnly, node }: Aggregate, scope: Scope, out: Lines): Code | undefined {
  if (!isOnly) return undefined
  const place = { node: first, scope, out }
  if (name === 'exists') {
    const found = namesOf(first) ? undefined : emitExists(generate, place)
    if (found !== undefined) return { js: found, kinds: boolean }
    return { js: `(${generate.value(first, scope, out).js} !== undefined)`, kinds: boolean }
  }
  if (name === 'count') return emitCounted(generate, place, node)
  if (isFold(name)) return emitFold(generate, name, place, node)
  return undefined
}

function emitCounted(generate: Generate, place: { readonly node: TreeNode; readonly scope: Scope; readonly out: Lines }, whole: TreeNode): Code {
  const { node, scope, out } = place
  const [inner, ...more] = node.arguments ?? []
  if (inner && more.length === 0 && !node.predicate && !node.group && isLibraryCall(generate.unit, node, 'distinct', scope)) {
    const counted = emitCountDistinct(generate, { node: inner, scope, out }, whole)
    if (counted) return counted
  }
  const counted = emitCount(generate, place)
  if (counted) return counted
  return { js: `R.countOf(${generate.value(node, scope, out).js})`, kinds: number }
}

function emitPatternTest(generate: Generate, node: TreeNode, scope: Scope, out: Lines): Code {
  const [subject, regex] = node.arguments ?? []
  const { unit } = generate
  if (!subject || !(regex?.value instanceof RegExp) || node.arguments?.length !== 2 || regex.predicate) return unit.fallback(node, scope, out)
  const { js, kinds } = generate.value(subject, scope, out)
  const test = `${unit.constant(new Pattern(regex.value))}.test(${js})`
  if (areWithin(kinds, text)) return unit.keep(test, boolean, out)
  return unit.keep(`typeof ${js} === 'string' ? ${test} : ${js} === undefined ? undefined : ${unit.exact(node, scope)}`, boolean | missing, out)
}

function emitPlainCall(generate: Generate, { name, args }: { readonly name: string; readonly args: readonly TreeNode[] }, scope: Scope, out: Lines): Code {
  const { unit } = generate
  const values = args.map((arg) => held(generate, arg, scope, out))
  const kinds = kindsOfCall(name)
  const general = `R.call(${unit.constant(libraryValue(name))}, ${scope.context}, [${values.map((each) => each.js).join(', ')}])`
  const inline = inlined(unit, name, values)
  if (inline) return unit.keep(inline.always ? inline.js : `${inline.test} ? ${inline.js} : ${general}`, inline.always && name !== 'type' ? kinds & ~missing : kinds, out)
  return unit.keep(general, kinds, out)
}

function held(generate: Generate, arg: TreeNode, scope: Scope, out: Lines): Code {
  const value = generate.value(arg, scope, out)
  return /^[\w$]+$|^"|^\(-?\d/.test(value.js) ? value : generate.unit.keep(value.js, value.kinds, out)
}

interface Inline {
  readonly js: string
  readonly test: string
  readonly always: boolean
}

function inlined(unit: Unit, name: string, values: readonly Code[]): Inline | undefined {
  const [value] = values
  if (value && values.length === 1 && name === 'type') return { js: typeOfValue(value.js), test: `(typeof ${value.js} !== 'number' || ${value.js} - ${value.js} === 0)`, always: areWithin(value.kinds, anything & ~number) }
  if (value && values.length === 1 && (name === 'not' || name === 'boolean')) return cast(name, value)
  const shortcut = functions.get(name)?.shortcut
  if (!shortcut || values.length < shortcut.takes.length - (shortcut.optional ?? 0) || values.length > shortcut.takes.length) return undefined
  const open = values.flatMap(({ js, kinds }, index) => (areWithin(kinds, shortcut.takes[index] === 'string' ? text : number) ? [] : [`typeof ${js} === '${shortcut.takes[index] ?? ''}'`]))
  const names = values.map((each) => each.js)
  const js = shortcut.js ? shortcut.js(...names) : `${unit.constant(shortcut.run)}(${names.join(', ')})`
  return { js, test: `(${open.join(' && ')})`, always: open.length === 0 }
}

function cast(name: string, { js, kinds }: Code): Inline {
  const value = name === 'not' ? `!${js}` : js
  return { js: value, test: `typeof ${js} === 'boolean'`, always: areWithin(kinds, boolean) }
}

function typeOfValue(js: string): string {
  return `(${js} === undefined ? undefined : ${js} === null ? 'null' : typeof ${js} !== 'object' ? typeof ${js} : isList(${js}) ? 'array' : 'object')`
}
