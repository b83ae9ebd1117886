// Abstract values: what a piece of an expression can be before any data is there. The typed form (ir.ts) has scalars only;
// lists, objects and rows live here until something asks for a scalar of them.
import type { Json } from '../../kernel/json.js'
import type { TextRange } from '../expression.js'
import { type Ir, type OrderKey, type Rows, type Scope, missing } from '../ir.js'
import type { SyntaxNode } from '../syntax-tree.js'

export type Abstract =
  /** The whole document. */
  | { readonly is: 'root' }
  /** One value or missing. */
  | { readonly is: 'scalar'; readonly ir: Ir }
  /** A list of text, as it stands in the data. */
  | { readonly is: 'strings'; readonly ir: Ir }
  | ObjectValue
  /** A list of the root as it stands in the data: present even when it is empty. */
  | { readonly is: 'relation'; readonly relation: string }
  | Sequence
  /** An ordered relation, in the making of `(rel^(>key))[0]`. */
  | { readonly is: 'ordered'; readonly rows: Rows; readonly order: readonly OrderKey[] }
  | { readonly is: 'picked'; readonly rows: Rows; readonly order: readonly OrderKey[]; readonly position: number; readonly prefix: string }
  /** Memberships of other segments. */
  | { readonly is: 'segments' }
  | { readonly is: 'constant'; readonly value: Json; readonly fromClock: boolean }
  | { readonly is: 'missing' }
  | { readonly is: 'lambda'; readonly node: SyntaxNode; readonly scope: LoweringScope }
  /** `truth` where at least that is known of it. */
  | { readonly is: 'opaque'; readonly reason: string; readonly at: TextRange; readonly truth?: Ir }

/** An object of the root, or a row; `prefix` walks into nested fields (`scores.`). */
export interface ObjectValue {
  readonly is: 'object'
  readonly scope: Scope
  /** The root object's name; absent for rows. */
  readonly object?: string
  readonly relation?: string
  readonly prefix: string
  /** It is there only where this holds: `events.web[url = "/"]`. */
  readonly when?: Ir
}

/** What a path gives over rows: the items of all rows that pass, those that are missing left out. */
export interface Sequence {
  readonly is: 'sequence'
  readonly rows: Rows
  readonly item: Item
  readonly distinct: boolean
}

export type Item = Extract<Abstract, { is: 'scalar' | 'strings' | 'object' | 'root' }>

/** Names that are bound, and what bare names mean here. */
export interface LoweringScope {
  readonly context: Abstract
  readonly variables: ReadonlyMap<string, Abstract>
  /** Rows that surround us: the next aggregate's first row is `r<depth>`. */
  readonly depth: number
}

export const absent: Abstract = { is: 'missing' }

export function scalar(ir: Ir): Abstract {
  return ir.kind === 'missing' ? absent : { is: 'scalar', ir }
}

export function constant(value: Json | undefined, fromClock = false): Abstract {
  return value === undefined ? absent : { is: 'constant', value, fromClock }
}

export function constantIr(value: Json, fromClock: boolean): Ir | undefined {
  return typeof value === 'object' && value !== null ? undefined : { kind: 'constant', value, fromClock }
}

export function irOfScalar(value: Abstract): Ir | undefined {
  if (value.is === 'scalar') return value.ir
  if (value.is === 'missing') return missing
  return value.is === 'constant' ? constantIr(value.value, value.fromClock) : undefined
}

/** A part of what is not known: nothing follows for it from the truth of the whole. */
export function withoutTruth({ is, reason, at }: Extract<Abstract, { is: 'opaque' }>): Abstract {
  return { is, reason, at }
}
