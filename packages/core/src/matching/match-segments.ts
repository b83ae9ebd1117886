// Which profiles match which segments, as lists of ids: for previews and tests. The evaluation stays with the words.
import type { SegmentMatches } from './match.js'
import { type MatchRequest, type MatchedGroup, type MatchedRule, matchIntoWords } from './match-words.js'
import { bitOf } from './atom-group.js'
import { bitsPerWord } from './bit-places.js'
import { name, sqlText } from '../kernel/sql-text.js'

/** Matches per rule, in the order of the rules. A failing expression fails for its profiles only, and is counted. */
export async function matchSegments(request: MatchRequest): Promise<readonly SegmentMatches[]> {
  const groups = await matchIntoWords(request)
  const found = new Map<number, SegmentMatches>()
  for (const group of groups) for (const each of group.rules) found.set(each.rule.uid, await toMatches(request, group, each))
  return request.rules.flatMap((rule) => found.get(rule.uid) ?? [])
}

async function toMatches({ store }: MatchRequest, { table, evaluated }: MatchedGroup, { rule, bit, how, errors, examples, isStopped }: MatchedRule): Promise<SegmentMatches> {
  const ids: number[] = []
  const word = name(`w${String(Math.floor(bit / bitsPerWord))}`)
  for await (const { columns } of store.chunks(sqlText`select id from ${name(table)} where (${word} & ${bitOf(bit % bitsPerWord)}) <> 0 order by id`)) {
    for (const id of columns[0] ?? []) ids.push(Number(id))
  }
  return { uid: rule.uid, ids: Int32Array.from(ids), evaluated, errors, examples, how, isStopped }
}
