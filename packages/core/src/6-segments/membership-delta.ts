// Matches × memberships → who moved: words are compared bit by bit, and only where they differ become rows (`moved`).
import { type SqlText, joined, name, param, sqlText } from '../kernel/sql-text.js'
import { bitOf } from '../matching/atom-group.js'
import type { MatchedGroup } from '../matching/match-words.js'
import { bitsPerWord } from '../matching/bit-places.js'
import type { Connection } from '../stores/store.js'
import { memberWordsTables } from '../stores/tables.js'

export interface Moves {
  readonly entered: number
  readonly left: number
}

/**
 * Leaves two temporary tables: `moved` (position, segment, id, entered) and `moved_words` (id, w0 … as they are now).
 * Gives the numbers by segment uid. Profiles outside the group's scope, and segments outside the group, stay as they were.
 */
export async function compareMemberships(tx: Connection, group: MatchedGroup): Promise<ReadonlyMap<number, Moves>> {
  if (group.rules.length === 0) return nothingMoved(tx)
  const columns = (await tx.findColumns(memberWordsTables[group.entity].name)).map((each) => each.name).filter((each) => each !== 'id')
  await tx.run(sqlText`create or replace temporary table differing as select * from (${differences(tx, group, columns)}) where ${joined(group.words.map((word) => sqlText`${changed(word)} <> 0`), ' or ')}`)
  await tx.run(sqlText`create or replace temporary table moved_words as select id, ${joined(columns.map((each) => name(each)), ', ')} from differing`)
  await tx.run(sqlText`create or replace temporary table moved as ${joined(group.rules.map(({ rule, bit }, position) => movesOf({ uid: rule.uid, bit, position })), ' union all ')}`)
  const rows = await tx.rows<{ segment: number; entered: number; departed: number }>(sqlText`select segment, count(*) filter (where entered) as entered, count(*) filter (where not entered) as departed from moved group by segment`)
  return new Map(rows.map((each) => [each.segment, { entered: each.entered, left: each.departed }]))
}

async function nothingMoved(tx: Connection): Promise<ReadonlyMap<number, Moves>> {
  await tx.temporaryTable({ name: 'moved', columns: [{ name: 'segment', type: 'int' }] })
  return new Map()
}

function changed(word: number): SqlText {
  return name(`x${String(word)}`)
}

/** `x0` …: the bits that differ; `w0` …: the words as they are from now on. */
function differences({ dialect }: Connection, group: MatchedGroup, columns: readonly string[]): SqlText {
  const mask = (word: number): SqlText => param(group.rules.reduce((sum, { bit }) => (Math.floor(bit / bitsPerWord) === word ? sum + 2n ** BigInt(bit % bitsPerWord) : sum), 0n))
  const differing = group.words.map((word) => {
    const column = name(`w${String(word)}`)
    return sqlText`, ${dialect.bitXor(sqlText`(coalesce(m.${column}, 0) & ${mask(word)})`, sqlText`(coalesce(b.${column}, 0) & ${mask(word)})`)} as ${changed(word)}`
  })
  const now = columns.map((each, word) => {
    const before = sqlText`coalesce(b.${name(each)}, 0)`
    if (!group.words.includes(word)) return sqlText`, ${before} as ${name(each)}`
    return sqlText`, ${dialect.bitXor(before, dialect.bitXor(sqlText`(coalesce(m.${name(each)}, 0) & ${mask(word)})`, sqlText`(${before} & ${mask(word)})`))} as ${name(each)}`
  })
  const stored = name(memberWordsTables[group.entity].name)
  const from = group.scopeTable === undefined
    ? sqlText`${name(group.table)} m full outer join ${stored} b on b.id = m.id`
    : sqlText`(select distinct id from ${name(group.scopeTable)}) s left join ${name(group.table)} m on m.id = s.id left join ${stored} b on b.id = s.id`
  const id = group.scopeTable === undefined ? sqlText`coalesce(m.id, b.id)` : sqlText`s.id`
  return sqlText`select ${id} as id${joined([...differing, ...now], ' ')} from ${from}`
}

function movesOf({ uid, bit, position }: { readonly uid: number; readonly bit: number; readonly position: number }): SqlText {
  const word = Math.floor(bit / bitsPerWord)
  const own = bitOf(bit % bitsPerWord)
  return sqlText`select ${param(position)} as position, ${param(uid)} as segment, id, (${name(`w${String(word)}`)} & ${own}) <> 0 as entered from differing where (${changed(word)} & ${own}) <> 0`
}
