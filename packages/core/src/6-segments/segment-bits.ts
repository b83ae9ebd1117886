// Which bit of the members' words stands for which segment: given once, kept while the segment lives, free again afterwards.
import type { ProfileEntity } from '../entities/profile-entity.js'
import { joined, name, param, sqlText } from '../kernel/sql-text.js'
import { bitOf } from '../matching/atom-group.js'
import { bitsPerWord } from '../matching/bit-places.js'
import type { Connection, Table } from '../stores/store.js'
import { memberWordsTables, segmentBitTable } from '../stores/tables.js'

export interface PlacedSegment {
  readonly uid: number
  readonly entity: ProfileEntity
}

/** Bits by segment uid; words are widened where they are full. */
export async function placeSegments(tx: Connection, segments: readonly PlacedSegment[]): Promise<ReadonlyMap<number, number>> {
  const known = await tx.rows<{ segment: number; entity: string; bit: number }>(sqlText`select segment, entity, bit from segment_bit`)
  const bits = new Map(known.map((each) => [each.segment, each.bit]))
  for (const entity of ['person', 'account'] as const) {
    const taken = new Set(known.filter((each) => each.entity === entity).map((each) => each.bit))
    const fresh = segments.filter((each) => each.entity === entity && !bits.has(each.uid)).map(({ uid }) => ({ uid, bit: takeLowest(taken) }))
    if (fresh.length === 0) continue
    for (const { uid, bit } of fresh) bits.set(uid, bit)
    await tx.append(segmentBitTable, fresh.map(({ uid, bit }) => [uid, entity, bit]))
    await tx.ensureTable(wordsTable(entity, 1 + Math.floor(Math.max(...taken) / bitsPerWord)))
    await restoreWords(tx, entity, fresh)
  }
  return bits
}

function takeLowest(taken: Set<number>): number {
  let bit = 0
  while (taken.has(bit)) bit++
  taken.add(bit)
  return bit
}

export function wordsTable(entity: ProfileEntity, words: number): Table {
  return { name: memberWordsTables[entity].name, columns: [{ name: 'id', type: 'int' }, ...Array.from({ length: words }, (_, word) => ({ name: `w${String(word)}`, type: 'bigint' as const }))] }
}

/** A sandbox from before there were words has members as rows only. */
async function restoreWords(tx: Connection, entity: ProfileEntity, fresh: readonly { readonly uid: number; readonly bit: number }[]): Promise<void> {
  const uids = joined(fresh.map(({ uid }) => param(uid)), ', ')
  const [member] = await tx.rows(sqlText`select 1 as one from membership where status = 'realized' and segment in (${uids}) limit 1`)
  if (!member) return
  const table = memberWordsTables[entity].name
  const columns = (await tx.findColumns(table)).map((each) => each.name).filter((each) => each !== 'id')
  const restored = columns.map((column, word) => {
    const own = fresh.filter(({ bit }) => Math.floor(bit / bitsPerWord) === word)
    const bits = own.map(({ uid, bit }) => sqlText`max(case when m.segment = ${param(uid)} then ${bitOf(bit % bitsPerWord)} else 0 end)`)
    return sqlText`, (coalesce(any_value(b.${name(column)}), 0)${joined(bits.map((each) => sqlText` + ${each}`), ' ')})::bigint as ${name(column)}`
  })
  await tx.run(sqlText`create or replace temporary table restored_words as select m.id${joined(restored, ' ')} from membership m left join ${name(table)} b on b.id = m.id
    where m.status = 'realized' and m.segment in (${uids}) group by m.id`)
  await tx.run(sqlText`delete from ${name(table)} where id in (select id from restored_words)`)
  await tx.insert(table, sqlText`select * from restored_words`)
}

/** Their members must have left before. */
export async function freeBits(tx: Connection, segments: readonly number[]): Promise<void> {
  if (segments.length > 0) await tx.run(sqlText`delete from segment_bit where segment in (${joined(segments.map((each) => param(each)), ', ')})`)
}
