// Matches × memberships → how many would enter and leave, counted where the data is; and some of them, for reading.
import { param, name, sqlText, type SqlText } from '../kernel/sql-text.js'
import { bitOf } from '../matching/atom-group.js'
import { bitsPerWord } from '../matching/bit-places.js'
import { labelProfiles } from '../matching/find-profile.js'
import type { MatchedGroup, MatchedRule } from '../matching/match-words.js'
import type { Store } from '../stores/store.js'

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

export async function countMoves(store: Store, group: MatchedGroup, { rule, bit }: MatchedRule): Promise<Moves> {
  const word = name(`w${String(Math.floor(bit / bitsPerWord))}`)
  const matched = sqlText`select id from ${name(group.table)} where (${word} & ${bitOf(bit % bitsPerWord)}) <> 0`
  const scoped = group.scopeTable === undefined ? sqlText`` : sqlText` and id in (select id from ${name(group.scopeTable)})`
  const members = sqlText`select id from membership where segment = ${param(rule.uid)} and status = 'realized'`
  const looked = sqlText`${members}${scoped}`
  const counts = await store.row<{ before: number; enter: number; exit: number }>(
    sqlText`select (select count(*) from (${members})) as before,
      (select count(*) from (${matched}) m where m.id not in (${looked})) as enter, (select count(*) from (${looked}) m where m.id not in (${matched})) as exit`,
  )
  return { ...counts, sampleEnter: await labelsOf(store, group, sqlText`${matched} and id not in (${looked})`), sampleExit: await labelsOf(store, group, sqlText`${looked} and id not in (${matched})`) }
}

async function labelsOf(store: Store, { entity }: MatchedGroup, ids: SqlText): Promise<readonly string[]> {
  const rows = await store.rows<{ id: number }>(sqlText`${ids} order by id limit ${param(shownPerSegment)}`)
  return labelProfiles(store, entity, rows.map((each) => each.id))
}
