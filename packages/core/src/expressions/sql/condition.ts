// Conditions of SQL, where NULL counts as false, with true and false known where they are: a small algebra that keeps statements
// small and leaves the engine plain comparisons, which it can push down to the tables.
import { type SqlText, joined, render, sqlText } from '../../kernel/sql-text.js'

export type Condition = boolean | Part

type Part = SqlText | Compound | Leaf

/** A comparison of aggregates, with what it is for profiles without any row. */
export interface Leaf {
  readonly op: 'leaf'
  readonly sql: SqlText
  readonly withoutRows: boolean
}

/** Conditions in `and` and `or`, one in `not`. */
export interface Compound {
  readonly op: 'and' | 'or' | 'not'
  readonly parts: readonly Part[]
  /** Its SQL, written once. */
  readonly sql: SqlText
}

export function isCompound(condition: Condition): condition is Compound {
  return typeof condition === 'object' && 'op' in condition && condition.op !== 'leaf'
}

export function isLeaf(condition: Condition): condition is Leaf {
  return typeof condition === 'object' && 'op' in condition && condition.op === 'leaf'
}

/** Tells what a condition is without rows, where that is known. */
export function withDefault(condition: Condition, withoutRows: boolean | undefined): Condition {
  return typeof condition === 'boolean' || withoutRows === undefined || isCompound(condition) || isLeaf(condition) ? condition : { op: 'leaf', sql: condition, withoutRows }
}

function compound(op: Compound['op'], parts: readonly Part[]): Compound {
  const written = parts.map(conditionSql)
  const sql = op === 'not' ? sqlText`(${written[0] ?? sqlText`false`} is not true)` : sqlText`(${joined(written, op === 'and' ? ' and ' : ' or ')})`
  return { op, parts, sql }
}

function partsOf(condition: Part, op: 'and' | 'or'): readonly Part[] {
  return isCompound(condition) && condition.op === op ? condition.parts : [condition]
}

function combine(op: 'and' | 'or', all: readonly Condition[]): Condition {
  const ends = op === 'or'
  if (all.includes(ends)) return ends
  const known = new Map<string, Part>()
  for (const each of all) {
    if (typeof each === 'boolean') continue
    for (const part of partsOf(each, op)) known.set(sqlKey(conditionSql(part)), known.get(sqlKey(conditionSql(part))) ?? part)
  }
  const parts = [...known.values()]
  const [first, ...others] = parts
  if (!first) return !ends
  return others.length === 0 ? first : compound(op, parts)
}

export function and(...all: readonly Condition[]): Condition {
  return combine('and', all)
}

export function or(...all: readonly Condition[]): Condition {
  return combine('or', all)
}

export function not(condition: Condition): Condition {
  return typeof condition === 'boolean' ? !condition : compound('not', [condition])
}

/** As a value that is never NULL. */
export function yesOrNo(condition: Condition): SqlText {
  return typeof condition === 'boolean' ? conditionSql(condition) : sqlText`coalesce(${conditionSql(condition)}, false)`
}

export function conditionSql(condition: Condition): SqlText {
  if (typeof condition === 'boolean') return condition ? sqlText`true` : sqlText`false`
  return isCompound(condition) || isLeaf(condition) ? condition.sql : condition
}

export function isSame(a: Condition, b: Condition): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return a === b
  return a === b || sqlKey(conditionSql(a)) === sqlKey(conditionSql(b))
}

const keys = new WeakMap<SqlText, string>()

/** Equal for pieces that are the same statement with the same values. */
export function sqlKey(sql: SqlText): string {
  const known = keys.get(sql)
  if (known !== undefined) return known
  const { text, values } = render(sql)
  const key = values.length === 0 ? text : `${text} ${values.map((each) => `${typeof each} ${String(each)}`).join('\u0000')}`
  keys.set(sql, key)
  return key
}

/**
 * What is known of a condition: `must` holds only where it is true, `may` holds wherever it is true, `fails` wherever
 * evaluation could raise an error. The three are one where SQL says the same as JSONata; between them the closure decides.
 */
export interface Truth {
  readonly must: Condition
  readonly may: Condition
  readonly fails: Condition
}

export function exactly(condition: Condition, fails: Condition = false): Truth {
  return { must: condition, may: condition, fails }
}

export const unknown: Truth = { must: false, may: true, fails: true }

/** Each is only reached where those before it let it be. */
export function allTrue(truths: readonly Truth[]): Truth {
  const must = and(...truths.map((each) => each.must))
  return { must, may: truths.every(isCertain) ? must : and(...truths.map((each) => each.may)), fails: failsInTurn(truths, (before) => and(...before.map((each) => each.may))) }
}

export function anyTrue(truths: readonly Truth[]): Truth {
  const must = or(...truths.map((each) => each.must))
  return { must, may: truths.every(isCertain) ? must : or(...truths.map((each) => each.may)), fails: failsInTurn(truths, (before) => not(or(...before.map((each) => each.must)))) }
}

function failsInTurn(truths: readonly Truth[], reached: (before: readonly Truth[]) => Condition): Condition {
  return or(...truths.map(({ fails }, index) => (fails === false ? false : index === 0 ? fails : and(reached(truths.slice(0, index)), fails))))
}

export function bothTrue(a: Truth, b: Truth): Truth {
  return allTrue([a, b])
}

export function negated(a: Truth, present: Truth): Truth {
  const must = and(present.must, not(a.may))
  return { must, may: isCertain(a) && isCertain(present) ? must : and(present.may, not(a.must)), fails: or(a.fails, present.fails) }
}

export function chosen(condition: Truth, then: Truth, otherwise: Truth): Truth {
  const must = or(and(condition.must, then.must), and(not(condition.may), otherwise.must))
  return {
    must,
    may: [condition, then, otherwise].every(isCertain) ? must : or(and(condition.may, then.may), and(not(condition.must), otherwise.may)),
    fails: or(condition.fails, and(condition.may, then.fails), and(not(condition.must), otherwise.fails)),
  }
}

function isCertain({ must, may }: Truth): boolean {
  return must === may
}

/** Where the closure has to decide. */
export function undecided({ must, may, fails }: Truth): Condition {
  return or(isSame(must, may) ? false : and(may, not(must)), fails)
}
