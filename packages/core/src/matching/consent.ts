// Whether a person is withheld by consent, as SQL: the same conditions as `findRefusal`, for everybody at once.
import { type ConsentRule, allowingValues, conditionsOf, openValues } from '../entities/consent.js'
import type { EntitySchema } from '../entities/entity-schema.js'
import { type SqlText, joined, name, param, sqlText } from '../kernel/sql-text.js'

/**
 * True or false, never null, for the rows of the table of people under an alias.
 * @example sqlText`select count(*) as withheld from person p where ${isWithheld(destination.consent, entities.person, 'p')}`
 */
export function isWithheld(rule: ConsentRule, person: EntitySchema, alias: string): SqlText {
  const column = (field: string): SqlText => sqlText`${name(alias)}.${name(field)}`
  const reasons = conditionsOf(rule, person).flatMap(({ values, flags, mustBeKnown }) => [
    ...values.map((each) => sqlText`coalesce(${isNone(column(each), [...allowingValues, ...openValues])}, false)`),
    ...flags.map((each) => sqlText`coalesce(${column(each)}, false)`),
    ...(mustBeKnown ? [sqlText`not (${anyOf(values.map((each) => sqlText`coalesce(not ${isNone(column(each), allowingValues)}, false)`))})`] : []),
  ])
  return sqlText`(${anyOf(reasons)})`
}

function isNone(column: SqlText, values: readonly string[]): SqlText {
  return sqlText`(lower(trim(${column})) not in (${joined(values.map((each) => param(each)), ', ')}))`
}

function anyOf(reasons: readonly SqlText[]): SqlText {
  return reasons.length === 0 ? sqlText`false` : joined(reasons, ' or ')
}
