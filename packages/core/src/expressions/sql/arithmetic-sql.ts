// Arithmetic in SQL: the same doubles as in JavaScript, with what may come out of them besides numbers, and how far off they can be.
import { type SqlText, sqlText } from '../../kernel/sql-text.js'
import type { SqlScalar } from './value.js'

export const operators = { '+': sqlText`+`, '-': sqlText`-`, '*': sqlText`*`, '/': sqlText`/`, '%': sqlText`%` } as const

export function oddOf(op: keyof typeof operators, a: SqlScalar, b: SqlScalar): SqlScalar['odd'] {
  const bothTame = a.tame === true && b.tame === true
  switch (op) {
    case '+':
    case '-':
    case '*':
      return bothTame ? undefined : 'infinite'
    case '/':
      return bothTame && typeof b.constant === 'number' && Math.abs(b.constant) > 1e-10 ? undefined : typeof b.constant === 'number' && b.constant !== 0 ? 'infinite' : 'nan'
    case '%':
      return typeof b.constant === 'number' && b.constant !== 0 && a.odd === undefined ? undefined : 'nan'
  }
}

/** How an uncertainty of the operands shows in the result; undefined when there is none, or none that can be told. */
export function toleranceOf(op: keyof typeof operators, a: SqlScalar, b: SqlScalar): SqlText | undefined {
  const zero = sqlText`0`
  if (op === '+' || op === '-') return a.tolerance === undefined && b.tolerance === undefined ? undefined : sqlText`(coalesce(${a.tolerance ?? zero}, 0) + coalesce(${b.tolerance ?? zero}, 0)) * 1.01`
  if (op === '*' && a.tolerance !== undefined && b.tolerance === undefined) return sqlText`(${a.tolerance} * abs(${b.sql}))`
  if (op === '*' && b.tolerance !== undefined && a.tolerance === undefined) return sqlText`(${b.tolerance} * abs(${a.sql}))`
  if (op === '/' && a.tolerance !== undefined && b.tolerance === undefined) return sqlText`(${a.tolerance} / nullif(abs(${b.sql}), 0))`
  return undefined
}
