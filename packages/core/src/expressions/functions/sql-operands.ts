// What SQL forms of functions ask of their operands.
import type { SqlText } from '../../kernel/sql-text.js'
import { type SqlScalar, isAsciiText, plain } from '../sql/value.js'

export function areText(...values: readonly SqlScalar[]): boolean {
  return values.every((each) => each.type === 'string')
}

/** Of a number that is one, and is not moved by the order of adding up. */
export function ofNumber(number: SqlScalar | undefined, form: (sql: SqlText) => SqlText): SqlScalar | undefined {
  if (number?.type !== 'number' || number.tolerance !== undefined || number.odd === 'nan') return undefined
  const value = plain(form(number.sql), 'number', [number])
  return number.odd === undefined ? value : { ...value, odd: number.odd }
}

/** Lower case differs from JSONata's only in letters outside ASCII, which a part of ASCII does not see. */
export function comparedWith(value: SqlScalar, operands: readonly SqlScalar[]): SqlScalar | undefined {
  const mapped = operands.filter((each) => each.mappedFrom !== undefined)
  if (mapped.length === 0) return value
  const others = operands.filter((each) => each.mappedFrom === undefined)
  return mapped.length === 1 && others.every((each) => typeof each.constant === 'string' && isAsciiText(each.constant)) ? value : undefined
}
