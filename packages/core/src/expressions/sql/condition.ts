// Conditions of SQL that are never NULL, with true and false known where they are: a small algebra that keeps statements small.
import { type SqlText, render, sqlText } from '../../kernel/sql-text.js'

export type Condition = boolean | SqlText

export function and(...all: readonly Condition[]): Condition {
  return all.reduce((left, right) => {
    if (left === false || right === false) return false
    if (left === true) return right
    if (right === true || isSame(left, right)) return left
    return sqlText`(${left} and ${right})`
  }, true)
}

export function or(...all: readonly Condition[]): Condition {
  return all.reduce((left, right) => {
    if (left === true || right === true) return true
    if (left === false) return right
    if (right === false || isSame(left, right)) return left
    return sqlText`(${left} or ${right})`
  }, false)
}

export function not(condition: Condition): Condition {
  return typeof condition === 'boolean' ? !condition : sqlText`(not ${condition})`
}

export function conditionSql(condition: Condition): SqlText {
  if (typeof condition !== 'boolean') return condition
  return condition ? sqlText`true` : sqlText`false`
}

export function isSame(a: Condition, b: Condition): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return a === b
  return a === b || sqlKey(a) === sqlKey(b)
}

/** Equal for pieces that are the same statement with the same values. */
export function sqlKey(sql: SqlText): string {
  const { text, values } = render(sql)
  return values.length === 0 ? text : `${text} ${values.map((each) => `${typeof each} ${String(each)}`).join("\u0000")}`
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

// The right side is only reached where the left one lets it be.
export function bothTrue(a: Truth, b: Truth): Truth {
  return { must: and(a.must, b.must), may: and(a.may, b.may), fails: or(a.fails, and(a.may, b.fails)) }
}

export function eitherTrue(a: Truth, b: Truth): Truth {
  return { must: or(a.must, b.must), may: or(a.may, b.may), fails: or(a.fails, and(not(a.must), b.fails)) }
}

export function negated(a: Truth, present: Truth): Truth {
  return { must: and(present.must, not(a.may)), may: and(present.may, not(a.must)), fails: or(a.fails, present.fails) }
}

export function chosen(condition: Truth, then: Truth, otherwise: Truth): Truth {
  return {
    must: or(and(condition.must, then.must), and(not(condition.may), otherwise.must)),
    may: or(and(condition.may, then.may), and(not(condition.must), otherwise.may)),
    fails: or(condition.fails, and(condition.may, then.fails), and(not(condition.must), otherwise.fails)),
  }
}

/** Where the closure has to decide. */
export function undecided({ must, may, fails }: Truth): Condition {
  return or(isSame(must, may) ? false : and(may, not(must)), fails)
}
