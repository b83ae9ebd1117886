// Comparisons in SQL that say what JSONata says: no coercion, missing is never equal, text by code units, instants as text.
import { type SqlText, param, sqlText } from '../../kernel/sql-text.js'
import type { ComparisonOperator } from '../ir.js'
import { type Condition, type Truth, and, exactly, not, or, withDefault } from './condition.js'
import type { Dialect } from './dialect.js'
import { type SqlScalar, isAsciiText } from './value.js'

export function compareSql(op: ComparisonOperator, a: SqlScalar, b: SqlScalar, dialect: Dialect): Truth {
  const fails = or(a.fails, b.fails)
  const unsure = or(a.unsure, b.unsure)
  if (a.type !== b.type || a.type === 'null') return differentTypes(op, a, b, { fails, unsure })
  if (a.type === 'boolean' && op !== '=' && op !== '!=') return { must: false, may: false, fails: or(fails, unsure, present(a), present(b)) }
  const withoutRows = compareWithoutRows(op, a, b)
  const close = compareClosely(op, a, b)
  if (close) return { must: and(withDefault(close.must, withoutRows), not(unsure)), may: or(withDefault(close.may, withoutRows), unsure), fails }
  const several = or(a.several ?? false, b.several ?? false)
  const { condition: compared, unsure: more } = sameType(op, a, b, dialect)
  const condition = withDefault(compared, withoutRows)
  // A list is another thing than any one value.
  const found = op === '!=' ? or(condition, and(a.several ?? false, present(b)), and(b.several ?? false, present(a))) : and(condition, not(several))
  const doubt = or(unsure, more)
  const ordering = op !== '=' && op !== '!='
  return { must: and(found, not(doubt)), may: or(found, doubt), fails: ordering ? or(fails, several) : fails }
}

function present({ sql, nullable }: SqlScalar): Condition {
  return nullable ? sqlText`${sql} is not null` : true
}

/** `"1" = 1` is false; `"1" < 1` is an error (T2009), with a null or a boolean even alone (T2010). */
function differentTypes(op: ComparisonOperator, a: SqlScalar, b: SqlScalar, { fails, unsure }: { readonly fails: Condition; readonly unsure: Condition }): Truth {
  const both = and(or(present(a), a.several ?? false), or(present(b), b.several ?? false))
  if (op === '=') {
    const bothNull = a.type === 'null' && b.type === 'null'
    return exactly(bothNull, or(fails, unsure))
  }
  if (op === '!=') {
    const differ = a.type === 'null' && b.type === 'null' ? false : both
    return { must: and(differ, not(unsure)), may: or(differ, unsure), fails }
  }
  const comparable = (value: SqlScalar): boolean => value.type === 'string' || value.type === 'number'
  return { must: false, may: false, fails: or(fails, unsure, comparable(a) && comparable(b) ? both : or(present(a), present(b))) }
}

interface Comparison {
  readonly condition: Condition
  readonly unsure: Condition
}

function sameType(op: ComparisonOperator, a: SqlScalar, b: SqlScalar, dialect: Dialect): Comparison {
  if (a.type === 'number') return compareNumbers(op, a, b, dialect)
  return a.type === 'string' ? compareTexts(op, a, b, dialect) : { condition: write(op, a, b), unsure: false }
}

/** An aggregate against a constant. */
function compareWithoutRows(op: ComparisonOperator, a: SqlScalar, b: SqlScalar): boolean | undefined {
  if (b.withoutRows !== undefined && a.withoutRows === undefined) return compareWithoutRows(mirrored[op], b, a)
  if (a.withoutRows === undefined || typeof b.constant !== 'number') return undefined
  return a.withoutRows !== null && comparisons[op](a.withoutRows, b.constant)
}

const comparisons: Readonly<Record<ComparisonOperator, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b, '!=': (a, b) => a !== b, '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b,
}

/** A value that may be off by a small share of itself, against a constant: two plain comparisons, one on the safe side of each. */
function compareClosely(op: ComparisonOperator, a: SqlScalar, b: SqlScalar): { readonly must: Condition; readonly may: Condition } | undefined {
  if (b.toleranceShare !== undefined && a.toleranceShare === undefined) return compareClosely(mirrored[op], b, a)
  if (a.toleranceShare === undefined || typeof b.constant !== 'number' || b.constant <= 0 || op === '=' || op === '!=') return undefined
  const bound = (factor: number): Pick<SqlScalar, 'sql'> => ({ sql: sqlText`${param(Number(b.constant) * factor)}::double` })
  const [above, below] = [bound(1 + 2 * a.toleranceShare), bound(1 - 2 * a.toleranceShare)]
  const isUp = op === '>' || op === '>='
  return { must: write(op, a, isUp ? above : below), may: write(op, a, isUp ? below : above) }
}

function write(op: ComparisonOperator, a: Pick<SqlScalar, 'sql'>, b: Pick<SqlScalar, 'sql'>): Condition {
  return sqlText`${a.sql} ${operators[op]} ${b.sql}`
}

const operators = { '=': sqlText`=`, '!=': sqlText`<>`, '<': sqlText`<`, '<=': sqlText`<=`, '>': sqlText`>`, '>=': sqlText`>=` } as const

function compareNumbers(op: ComparisonOperator, a: SqlScalar, b: SqlScalar, dialect: Dialect): Comparison {
  const instants = compareMillis(op, a, b, dialect)
  if (instants !== undefined) return { condition: instants, unsure: false }
  const tolerance = a.tolerance === undefined && b.tolerance === undefined ? undefined : sqlText`(coalesce(${a.tolerance ?? sqlText`0`}, 0) + coalesce(${b.tolerance ?? sqlText`0`}, 0))`
  const unsure: Condition = tolerance === undefined ? false : sqlText`abs(${a.sql} - ${b.sql}) <= ${tolerance}`
  // Not a number compares as false with everything in JSONata, and as the greatest number in the store.
  const odd = [a, b].filter((each) => each.odd === 'nan')
  if (op === '!=') return { condition: or(write(op, a, b), and(present(a), present(b), or(...odd.map((each): Condition => dialect.isNan(each.sql))))), unsure }
  return { condition: and(write(op, a, b), ...odd.map((each): Condition => sqlText`not ${dialect.isNan(each.sql)}`)), unsure }
}

/** Milliseconds of a stored instant against a constant or another instant: compared as instants, so that the store can skip old rows. */
function compareMillis(op: ComparisonOperator, a: SqlScalar, b: SqlScalar, dialect: Dialect): Condition | undefined {
  if (a.instant !== undefined && b.instant !== undefined) return write(op, { sql: a.instant }, { sql: b.instant })
  if (a.instant !== undefined && typeof b.constant === 'number') return compareWithMs(op, { sql: a.instant }, b.constant, dialect)
  if (b.instant !== undefined && typeof a.constant === 'number') return compareWithMs(mirrored[op], { sql: b.instant }, a.constant, dialect)
  return undefined
}

const mirrored = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

function compareWithMs(op: ComparisonOperator, instant: Pick<SqlScalar, 'sql'>, ms: number, dialect: Dialect): Condition | undefined {
  if (!(Math.abs(ms) < 8.64e15)) return undefined
  if (!Number.isInteger(ms) && (op === '=' || op === '!=')) return undefined
  const whole = op === '>=' || op === '<' ? Math.ceil(ms) : Math.floor(ms)
  return write(op, instant, { sql: dialect.instantOf(whole) })
}

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const dateOnly = /^\d{4}-\d\d-\d\d$/

function compareTexts(op: ComparisonOperator, a: SqlScalar, b: SqlScalar, dialect: Dialect): Comparison {
  if (a.form === 'instant' && b.form === 'instant') return { condition: write(op, a, b), unsure: false }
  if (a.form === 'instant' && typeof b.constant === 'string') return compareInstant(op, a, b.constant, dialect)
  if (b.form === 'instant' && typeof a.constant === 'string') return compareInstant(mirrored[op], b, a.constant, dialect)
  const [x, y] = [asText(a, dialect), asText(b, dialect)]
  const mapped = [a, b].filter((each) => each.mappedFrom !== undefined)
  const withPlain = mapped.length === 1 && [a, b].some((each) => typeof each.constant === 'string' && isAsciiText(each.constant))
  const caseMapped = mapped.length > 0 && !(withPlain && (op === '=' || op === '!=')) ? or(...mapped.map((each): Condition => sqlText`not ${dialect.isLatin(each.mappedFrom ?? each.sql)}`)) : false
  return { condition: write(op, x, y), unsure: or(caseMapped, orderDoubt(op, x, y, dialect)) }
}

function asText(value: SqlScalar, dialect: Dialect): SqlScalar {
  return value.form === 'instant' ? { ...value, sql: dialect.instantText(value.sql), form: 'plain' } : value
}

/** The store compares bytes, JSONata UTF-16 units: they differ only where characters above U+D7FF meet each other. */
function orderDoubt(op: ComparisonOperator, a: SqlScalar, b: SqlScalar, dialect: Dialect): Condition {
  if (op === '=' || op === '!=') return false
  if ([a, b].some((each) => typeof each.constant === 'string' && !/[\ud800-\uffff]/.test(each.constant))) return false
  return and(notAscii(a.sql, dialect), notAscii(b.sql, dialect))
}

function notAscii(text: SqlText, dialect: Dialect): Condition {
  return sqlText`not (${dialect.isAscii(text)})`
}

function compareInstant(op: ComparisonOperator, instant: SqlScalar, text: string, dialect: Dialect): Comparison {
  const ms = canonical.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms) && new Date(ms).toISOString() === text) return { condition: write(op, instant, { sql: dialect.instantOf(ms)}), unsure: false }
  const dayMs = dateOnly.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(dayMs) && new Date(dayMs).toISOString().startsWith(text)) return { condition: compareDay(op, instant, dialect.instantOf(dayMs)), unsure: false }
  return { condition: write(op, asText(instant, dialect), { sql: param(text)}), unsure: false }
}

/** A day is a shorter text than every instant in it, so it comes before all of them and is equal to none. */
function compareDay(op: ComparisonOperator, instant: SqlScalar, start: SqlText): Condition {
  switch (op) {
    case '=':
      return false
    case '!=':
      return present(instant)
    case '>':
    case '>=':
      return write('>=', instant, { sql: start})
    case '<':
    case '<=':
      return write('<', instant, { sql: start})
  }
}
