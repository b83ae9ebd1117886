// Matches × memberships → how many would enter and leave, counted where the data is; and some of them, for reading.
import { param, name, sqlText, type SqlText } from '../kernel/sql-text.js'
import { bitOf } from '../matching/atom-group.js'
import { bitsPerWord } from '../matching/bit-places.js'
import { countUnmatchable } from '../matching/count-unmatchable.js'
import { labelProfiles } from '../matching/find-profile.js'
import type { MatchedGroup, MatchedRule } from '../matching/match-words.js'
import type { Store } from '../stores/store.js'
import { scattered } from './choose-sample.js'

export interface Moves {
  /** Members now, everybody. */
  readonly before: number
  /** Of those that were looked at. */
  readonly enter: number
  readonly exit: number
  readonly sampleEnter: readonly string[]
  readonly sampleExit: readonly string[]
}

const shownPerSegment = 5

export async function countMoves(store: Store, group: MatchedGroup, rule: MatchedRule): Promise<Moves> {
  const { matched, members, looked } = sides(group, rule)
  const counts = await store.row<{ before: number; enter: number; exit: number }>(
    sqlText`select (select count(*) from (${members})) as before,
      (select count(*) from (${matched}) m where m.id not in (${looked})) as enter, (select count(*) from (${looked}) m where m.id not in (${matched})) as exit`,
  )
  return { ...counts, sampleEnter: await labelsOf(store, group, sqlText`${matched} and id not in (${looked})`), sampleExit: await labelsOf(store, group, sqlText`${looked} and id not in (${matched})`) }
}

/** Of the people who would be sent or taken out, those whose consent keeps them from the destination: it never hears of them. */
export async function countWithheld(store: Store, { group, rule }: { readonly group: MatchedGroup; readonly rule: MatchedRule }, withheld: SqlText): Promise<{ readonly matched: number; readonly enter: number; readonly exit: number }> {
  const { matched, looked } = sides(group, rule)
  const count = (ids: SqlText): SqlText => sqlText`(select count(*) from (${ids}) m join person p on p._id = m.id where ${withheld})`
  return store.row<{ matched: number; enter: number; exit: number }>(
    sqlText`select ${count(matched)} as matched, ${count(sqlText`${matched} and id not in (${looked})`)} as enter, ${count(sqlText`${looked} and id not in (${matched})`)} as exit`,
  )
}

/** Of the people whom a destination would be sent, those that it cannot find: they have none of the identities that it knows people by. */
export function countUnmatched(store: Store, { group, rule }: { readonly group: MatchedGroup; readonly rule: MatchedRule }, { of, identities }: { readonly of: SentOf; readonly identities: readonly string[] }): Promise<number> {
  return countUnmatchable(store, sentIds(group, rule, of), identities)
}

/** Some of the people whom a destination would be sent, the same ones each time: their ids, ascending. Who is withheld is not among them. */
export async function drawSent(store: Store, { group, rule }: { readonly group: MatchedGroup; readonly rule: MatchedRule }, { of, withheld, atMost }: { readonly of: SentOf; readonly withheld: SqlText; readonly atMost: number }): Promise<readonly number[]> {
  const rows = await store.rows<{ id: number }>(
    sqlText`select m.id from (${sentIds(group, rule, of)}) m join person p on p._id = m.id where not (${withheld}) order by ${scattered(sqlText`m.id`)}, m.id limit ${param(atMost)}`,
  )
  return rows.map((each) => each.id).sort((a, b) => a - b)
}

/** A new activation sends everybody who matches, the others who enters. */
export type SentOf = 'matched' | 'enter'

function sentIds(group: MatchedGroup, rule: MatchedRule, of: SentOf): SqlText {
  const { matched, looked } = sides(group, rule)
  return of === 'matched' ? matched : sqlText`${matched} and id not in (${looked})`
}

interface Sides {
  /** Who matches, of those that were looked at. */
  readonly matched: SqlText
  /** Members now, everybody. */
  readonly members: SqlText
  /** Members now, of those that were looked at. */
  readonly looked: SqlText
}

function sides(group: MatchedGroup, { rule, bit }: MatchedRule): Sides {
  const word = name(`w${String(Math.floor(bit / bitsPerWord))}`)
  const members = sqlText`select id from membership where segment = ${param(rule.uid)} and status = 'realized'`
  return {
    matched: sqlText`select id from ${name(group.table)} where (${word} & ${bitOf(bit % bitsPerWord)}) <> 0`,
    members,
    looked: group.scopeTable === undefined ? members : sqlText`${members} and id in (select id from ${name(group.scopeTable)})`,
  }
}

async function labelsOf(store: Store, { entity }: MatchedGroup, ids: SqlText): Promise<readonly string[]> {
  const rows = await store.rows<{ id: number }>(sqlText`${ids} order by id limit ${param(shownPerSegment)}`)
  return labelProfiles(store, entity, rows.map((each) => each.id))
}
