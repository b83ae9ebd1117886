// What SQL of an expression needs from the statement around it: columns, and aggregates over rows that it computes once for all.
import type { SqlText } from '../../kernel/sql-text.js'
import type { Ir, RowScope } from '../ir.js'
import type { Condition } from './condition.js'

export type FieldIr = Extract<Ir, { kind: 'field' }>

export type ObjectPart = Extract<Ir, { kind: 'object-present' }>

export interface AggregateSpec {
  readonly how: 'count' | 'count-distinct' | 'sum' | 'sum-of-sizes' | 'max' | 'min'
  /** A value of the row; all rows count when absent. */
  readonly item?: SqlText
  readonly filter: Condition
  /** No earlier row can pass: milliseconds since 1970. */
  readonly sinceMs?: number | undefined
  readonly gives: ValueKind
}

/** What kind of value an aggregate gives. */
export type ValueKind = 'number' | 'text' | 'instant' | 'boolean'

export interface FirstSpec {
  readonly item: SqlText
  readonly filter: Condition
  readonly order: readonly { readonly by: SqlText; readonly descending: boolean }[]
  readonly end: 'first' | 'last'
  readonly gives: ValueKind
  readonly sinceMs?: number | undefined
}

export interface RowPlan {
  field(field: FieldIr): SqlText
  /** All columns of the object whose names start with the prefix. */
  fieldsUnder(part: ObjectPart): readonly SqlText[]
  id(): SqlText
  /** Whether no row has a value below zero, as far as is known. */
  isNonNegative(field: FieldIr): boolean
  /** Whether sums of it are the same in any order, as far as is known. */
  addsUpExactly(field: FieldIr): boolean
  member(segment: string): Condition
  /** Whether any row passes: never NULL. */
  any(rows: readonly RowScope[], condition: Condition, sinceMs?: number): Condition
  /** Counts are 0 without rows; the others NULL. */
  aggregate(rows: readonly RowScope[], spec: AggregateSpec): SqlText
  /** A value of the first or last row in an order that ends with the rows' natural one. */
  first(row: RowScope, spec: FirstSpec): SqlText
}
