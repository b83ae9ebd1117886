// A scalar in SQL: NULL is missing, as JSONata has it after nulls were dropped. What SQL cannot promise is told along with it.
import type { SqlText } from '../../kernel/sql-text.js'
import type { ScalarType } from '../ir.js'
import { type Condition, or } from './condition.js'

export interface SqlScalar {
  readonly sql: SqlText
  readonly type: ScalarType
  /** `instant`: the SQL value is an instant, the JSONata value its ISO text. */
  readonly form: 'plain' | 'instant'
  readonly nullable: boolean
  /** The text or number where it is known now. */
  readonly constant?: string | number | boolean
  /** Of aggregates: the number that it is without rows, null when it is missing then. */
  readonly withoutRows?: number | null
  /** Where the value may be another one than JSONata's; the closure decides there. */
  readonly unsure: Condition
  /** Where evaluation raises an error. */
  readonly fails: Condition
  /** Where it is a list of several values rather than one. */
  readonly several?: Condition
  /** Numbers: how far the order of adding up may move it. */
  readonly tolerance?: SqlText
  /** The tolerance is this small a share of the value itself, which is never below zero. */
  readonly toleranceShare?: number
  /** Numbers: infinite or not a number at all may come out. */
  readonly odd?: 'infinite' | 'nan'
  /** Numbers: surely within ±1e16. */
  readonly tame?: true
  /** Milliseconds of this very instant. */
  readonly instant?: SqlText
  /** Text: a day of the calendar, `YYYY-MM-DD`. */
  readonly isDate?: true
  /** Lower case of this text: letters beyond the Latin ones may be others than JSONata's, but none is of ASCII. */
  readonly mappedFrom?: SqlText
}

export function plain(sql: SqlText, type: ScalarType, from: readonly SqlScalar[] = []): SqlScalar {
  return { sql, type, form: 'plain', nullable: from.length === 0 || from.some((each) => each.nullable), unsure: or(...from.map((each) => each.unsure)), fails: or(...from.map((each) => each.fails)) }
}

export function isAsciiText(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(text)
}
