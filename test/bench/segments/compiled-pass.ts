// The product's own pass over everybody, as the evaluation and the preview run it: all segments in one go, results as words of bits.
import { type MatchedGroup, type SegmentRule, type Store, bitOf, bitsPerWord, matchIntoWords, name, sqlText, standardEntities } from './product.js'

export function runCompiledPass(store: Store, rules: readonly SegmentRule[], nowMs: number): Promise<readonly MatchedGroup[]> {
  return matchIntoWords({ store, entities: standardEntities, rules, nowMs, segmentUids: {} })
}

/** Members of each rule, in the order of the rules. */
export async function countCompiledPass(store: Store, rules: readonly SegmentRule[], groups: readonly MatchedGroup[]): Promise<readonly number[]> {
  const counts = new Map<SegmentRule, number>()
  for (const { table, rules: matched } of groups) {
    for (const { rule, bit } of matched) {
      const word = name(`w${String(Math.floor(bit / bitsPerWord))}`)
      const { members } = await store.row<{ members: number }>(sqlText`select count(*) as members from ${name(table)} where (${word} & ${bitOf(bit % bitsPerWord)}) <> 0`)
      counts.set(rule, members)
    }
  }
  return rules.map((each) => counts.get(each) ?? 0)
}
