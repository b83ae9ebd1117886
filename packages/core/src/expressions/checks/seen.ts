// What a piece of an expression can be before any data is there, as the checks see it. `any` stands for what cannot be
// followed: nothing is ever said about it.
import type { FieldType } from '../../entities/entity-schema.js'
import type { Json } from '../../kernel/json.js'
import type { RowShape } from '../root-shape.js'
import type { SyntaxNode } from '../syntax-tree.js'

export type PlainType = 'string' | 'number' | 'boolean' | 'null'

/** Ways to write the piece that may be missing; a condition on any of them shows that it is there. */
export type Cause = readonly string[]

export interface Constant {
  readonly value: string | number | boolean | null
  /** text: it stands right there. name: it was given a name, as settings are. vars: it differs between sandboxes. */
  readonly from: 'text' | 'name' | 'vars'
}

export interface SeenField {
  readonly name: string
  readonly stored: FieldType
  readonly enum?: readonly string[]
}

/** How a number came about, or that a text or number moves with the clock. */
export type Making = 'count' | 'sum' | 'max' | 'min' | 'average' | 'inexact' | 'clock'

/** One value of one type. */
export interface Plain {
  readonly is: 'plain'
  readonly type: PlainType
  /** Empty: it is always there. */
  readonly missingBy: readonly Cause[]
  readonly constant?: Constant
  readonly field?: SeenField
  readonly made?: Making
}

/** An object of the root or a row; `prefix` walks into nested fields (`scores.`). */
export interface Thing {
  readonly is: 'object'
  /** `person`, `accounts`. */
  readonly name: string
  readonly shape: RowShape
  readonly prefix: string
  readonly isRow: boolean
  readonly missingBy: readonly Cause[]
}

/** A list as it stands in the data, or in the expression. */
export interface List {
  readonly is: 'list'
  readonly item: Seen
  /** Each item, where they are written out. */
  readonly items?: readonly Seen[]
  readonly field?: SeenField
  readonly missingBy: readonly Cause[]
}

/** What a path over rows gives: nothing, one value, or a list. */
export interface Rows {
  readonly is: 'rows'
  readonly relation: string
  readonly item: Seen
  /** The relation itself: always a list, which may be empty. */
  readonly isWhole: boolean
  readonly filters: readonly SyntaxNode[]
  /** Each row has a list of them. */
  readonly isNested?: boolean
  /** There is reason to think that it is one row: a filter by a key, a function that we do not follow. */
  readonly maybeOne: boolean
  readonly missingBy: readonly Cause[]
}

export type Seen =
  | { readonly is: 'any' }
  | { readonly is: 'missing' }
  | { readonly is: 'root' }
  | { readonly is: 'segments' }
  /** An object among the sandbox's variables. */
  | { readonly is: 'vars'; readonly value: Readonly<Record<string, Json>> }
  | Plain
  | Thing
  | List
  | Rows
  /** An object that the expression makes. */
  | { readonly is: 'record' }
  | { readonly is: 'lambda'; readonly node: SyntaxNode; readonly scope: Scope }
  | { readonly is: 'regex' }

export interface Scope {
  /** What bare names are looked up in. */
  readonly context: Seen
  readonly variables: ReadonlyMap<string, Seen>
  /** Conditions that hold here: other operands of the `and` around it, the condition of a choice. */
  readonly sure: readonly SyntaxNode[]
}

export const any: Seen = { is: 'any' }

export function plain(type: PlainType, missingBy: readonly Cause[] = [], rest: Pick<Plain, 'constant' | 'field' | 'made'> = {}): Plain {
  return { is: 'plain', type, missingBy, ...rest }
}

export function constant(value: Constant['value'], from: Constant['from'] = 'text'): Plain {
  return plain(value === null ? 'null' : (typeof value as 'string' | 'number' | 'boolean'), [], { constant: { value, from } })
}

export function missingBy(seen: Seen): readonly Cause[] {
  return seen.is === 'plain' || seen.is === 'object' || seen.is === 'list' || seen.is === 'rows' ? seen.missingBy : []
}

export function withMissing(seen: Seen, causes: readonly Cause[]): Seen {
  return seen.is === 'plain' || seen.is === 'object' || seen.is === 'list' || seen.is === 'rows' ? { ...seen, missingBy: causes } : seen
}

/** The one value, or each of several. */
export function eachOf(seen: Seen): Seen {
  return seen.is === 'rows' || seen.is === 'list' ? seen.item : seen
}

/** A value that is bound to a name: known, but there to be changed. */
export function named(seen: Seen): Seen {
  if (seen.is === 'plain' && seen.constant?.from === 'text') return { ...seen, constant: { ...seen.constant, from: 'name' } }
  return seen.is === 'list' ? { ...seen, item: named(seen.item), ...(seen.items ? { items: seen.items.map(named) } : {}) } : seen
}

/** The value, where it is known: wherever it comes from. */
export function knownValue(seen: Seen): Constant['value'] | undefined {
  return seen.is === 'plain' ? seen.constant?.value : undefined
}

/** The value that is written out in the expression, at this place. */
export function writtenValue(seen: Seen): Constant['value'] | undefined {
  return seen.is === 'plain' && seen.constant?.from === 'text' ? seen.constant.value : undefined
}

/** Either of two. */
export function either(a: Seen, b: Seen): Seen {
  if (a.is === 'missing') return withMissing(b, [...missingBy(b), []])
  if (b.is === 'missing') return withMissing(a, [...missingBy(a), []])
  if (a.is === 'plain' && b.is === 'plain' && a.type === b.type) return plain(a.type, [...a.missingBy, ...b.missingBy])
  return any
}

export function fromJson(value: Json): Seen {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map(fromJson)
    return { is: 'list', item: items.length > 0 ? items.reduce(either) : any, items, missingBy: [] }
  }
  if (typeof value === 'object' && value !== null) return { is: 'vars', value: value as Readonly<Record<string, Json>> }
  return constant(value, 'vars')
}
