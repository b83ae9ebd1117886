// The typed form of an expression: what it asks of the profile's fields and relations, resolved against the schemas.
// Plain JSON, few kinds of node. Scalars have one value or are missing; relations are read through rows and aggregates.
// `opaque` stands for what has no typed form: the closure decides there, and the reason says why.
import type { FieldType } from '../entities/entity-schema.js'
import type { TextRange } from './expression.js'

export type ScalarType = 'string' | 'number' | 'boolean' | 'null'

/** Which row a field is read from: `root` is the profile itself, `r0`, `r1` … the rows of an aggregate. */
export type Scope = string

export interface RowScope {
  readonly relation: string
  readonly scope: Scope
}

export interface OrderKey {
  readonly by: Ir
  readonly descending: boolean
  /** Rows without the key have no certain place. */
  readonly needed?: true
}

/** Rows of one relation, or of several side by side, that pass all conditions. */
export interface Rows {
  readonly scopes: readonly RowScope[]
  readonly where: readonly Ir[]
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>='
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'

export type Ir =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null; readonly fromClock: boolean }
  | { readonly kind: 'missing' }
  /** `object` is the root object that has it (`person`), `relation` the list whose row has it. */
  | { readonly kind: 'field'; readonly scope: Scope; readonly object?: string; readonly relation?: string; readonly field: string; readonly stored: FieldType }
  /** The profile's own id, as text. */
  | { readonly kind: 'id' }
  | { readonly kind: 'compare'; readonly op: ComparisonOperator; readonly left: Ir; readonly right: Ir }
  /** Operands are cast to true or false. */
  | { readonly kind: 'logic'; readonly op: 'and' | 'or'; readonly left: Ir; readonly right: Ir }
  /** $not and $boolean: missing where `of` has no value, which is where `present` is false. */
  | { readonly kind: 'cast'; readonly negated: boolean; readonly truth: Ir; readonly present: Ir }
  /** True or false, never missing: is there a value, and does it count as true. */
  | { readonly kind: 'truth'; readonly of: Ir }
  | { readonly kind: 'exists'; readonly of: Ir }
  | { readonly kind: 'choose'; readonly condition: Ir; readonly then: Ir; readonly else: Ir }
  | { readonly kind: 'arithmetic'; readonly op: ArithmeticOperator; readonly left: Ir; readonly right: Ir }
  | { readonly kind: 'join-text'; readonly left: Ir; readonly right: Ir }
  | { readonly kind: 'call'; readonly name: string; readonly gives: ScalarType; readonly args: readonly Ir[] }
  | { readonly kind: 'matches'; readonly text: Ir; readonly pattern: string; readonly flags: string }
  | { readonly kind: 'in-values'; readonly item: Ir; readonly values: readonly (string | number | boolean)[] }
  /** Lists of text: does it contain, how many, any that is not empty, equal to. */
  | { readonly kind: 'in-strings'; readonly item: Ir; readonly list: Ir }
  | { readonly kind: 'strings-length'; readonly list: Ir }
  | { readonly kind: 'strings-truth'; readonly list: Ir }
  | { readonly kind: 'strings-equal'; readonly list: Ir; readonly values: readonly string[] }
  /** Is there any value under this prefix of the object? */
  | { readonly kind: 'object-present'; readonly scope: Scope; readonly object?: string; readonly relation?: string; readonly prefix: string }
  /** Whether any row passes. */
  | { readonly kind: 'any'; readonly rows: Rows }
  | { readonly kind: 'count'; readonly rows: Rows; readonly item?: Ir; readonly distinct: boolean }
  | { readonly kind: 'aggregate'; readonly how: 'sum' | 'max' | 'min' | 'average'; readonly rows: Rows; readonly item: Ir }
  /** The one value of a sequence: none is missing; several are a list, which `more` makes of it. */
  | { readonly kind: 'single'; readonly rows: Rows; readonly item: Ir; readonly more: 'fails' | 'matches nothing' | 'differs from everything' }
  /** The value in one row of an ordered relation; negative positions count from the end. */
  | { readonly kind: 'pick'; readonly rows: Rows; readonly order: readonly OrderKey[]; readonly position: number; readonly item: Ir }
  | { readonly kind: 'member'; readonly segment: string }
  /** `then`, after others whose value is not wanted here, but which may fail. */
  | { readonly kind: 'after'; readonly first: readonly Ir[]; readonly then: Ir }
  | { readonly kind: 'opaque'; readonly reason: string; readonly at: TextRange }

export const missing: Ir = { kind: 'missing' }
export const always: Ir = { kind: 'constant', value: true, fromClock: false }
export const never: Ir = { kind: 'constant', value: false, fromClock: false }

/** The JSONata type of a scalar where it is known. */
export function typeOf(ir: Ir): ScalarType | undefined {
  switch (ir.kind) {
    case 'constant':
      return ir.value === null ? 'null' : (typeof ir.value as 'string' | 'number' | 'boolean')
    case 'field':
      return typeOfField(ir.stored)
    case 'id':
    case 'join-text':
      return 'string'
    case 'compare':
    case 'logic':
    case 'cast':
    case 'matches':
    case 'truth':
    case 'exists':
    case 'in-values':
    case 'in-strings':
    case 'strings-truth':
    case 'strings-equal':
    case 'object-present':
    case 'any':
    case 'member':
      return 'boolean'
    case 'arithmetic':
    case 'strings-length':
    case 'count':
    case 'aggregate':
      return 'number'
    case 'choose':
      return typeOfChoice(ir.then, ir.else)
    case 'call':
      return ir.gives
    case 'single':
    case 'pick':
      return typeOf(ir.item)
    case 'after':
      return typeOf(ir.then)
    case 'missing':
    case 'opaque':
      return undefined
  }
}

function typeOfChoice(a: Ir, b: Ir): ScalarType | undefined {
  if (a.kind === 'missing') return typeOf(b)
  if (b.kind === 'missing') return typeOf(a)
  return typeOf(a) === typeOf(b) ? typeOf(a) : undefined
}

export function typeOfField(stored: FieldType): ScalarType | undefined {
  switch (stored) {
    case 'string':
    case 'key':
    case 'date':
    case 'timestamp':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'strings':
    case 'object':
      return undefined
  }
}
