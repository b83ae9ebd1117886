// Memberships and their log, written in the caller's transaction together with what they were computed from: all of it or nothing.
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { Instant } from '../kernel/clock.js'
import { type SqlText, joined, name, param, sqlText } from '../kernel/sql-text.js'
import { bitsPerWord } from '../matching/bit-places.js'
import type { Connection } from '../stores/store.js'
import { memberWordsTables, segmentStateTable } from '../stores/tables.js'

export interface WriteContext {
  readonly run: string
  readonly at: Instant
}

/** Takes the tables `moved` and `moved_words` of a comparison; the log goes segment by segment, by id within each. */
export async function writeMoves(tx: Connection, entity: ProfileEntity, context: WriteContext): Promise<void> {
  const { moves } = await tx.row<{ moves: number }>(sqlText`select count(*) as moves from moved`)
  if (moves === 0) return
  await appendToLog(tx, entity, context)
  await replaceRows(tx, context.at)
  await replaceWords(tx, entity)
}

/** Everybody leaves a segment that was removed. Gives how many. */
export async function writeRemoval(tx: Connection, segment: { readonly uid: number; readonly bit: number | undefined; readonly entity: ProfileEntity }, context: WriteContext): Promise<number> {
  const members = sqlText`select id from membership where segment = ${param(segment.uid)} and status = 'realized'`
  await tx.run(sqlText`create or replace temporary table moved as select 0 as position, ${param(segment.uid)} as segment, id, false as entered from (${members})`)
  const { moves } = await tx.row<{ moves: number }>(sqlText`select count(*) as moves from moved`)
  if (moves === 0) return 0
  await appendToLog(tx, segment.entity, context, sqlText`'segment-removed'`)
  await replaceRows(tx, context.at)
  if (segment.bit !== undefined) await clearBit(tx, segment.entity, segment.bit)
  return moves
}

/** Profiles leave all segments at once, for they are no more. Gives how many memberships ended. */
export async function writeDepartures(tx: Connection, which: SqlText, context: WriteContext): Promise<number> {
  await tx.run(sqlText`create or replace temporary table moved as select 0 as position, segment, id, false as entered from membership where status = 'realized' and ${which}`)
  const { moves } = await tx.row<{ moves: number }>(sqlText`select count(*) as moves from moved`)
  if (moves === 0) return 0
  await appendToLog(tx, 'person', context, sqlText`'profile-removed'`)
  await replaceRows(tx, context.at)
  await tx.run(sqlText`delete from member_words_person where id in (select id from moved)`)
  await tx.run(sqlText`update segment_state set members = members - 1 where segment in (select segment from moved)`)
  return moves
}

async function appendToLog(tx: Connection, entity: ProfileEntity, { run, at }: WriteContext, because: SqlText = sqlText`coalesce(r.because, 'no-longer-matched')`): Promise<void> {
  // Why profiles that are gone left: removed, or merged into another.
  const reasons = sqlText`select id, if(arg_max(change, seq) = 'merged', 'profile-merged', 'profile-removed') as because from profile_change
    where entity = ${param(entity)} and id in (select id from moved where not entered) group by id having arg_max(change, seq) in ('removed', 'merged')`
  const last = await readLastSeq(tx)
  await tx.insert('membership_log', sqlText`select ${param(last)}::bigint + row_number() over (order by v.position, v.id) as seq, v.segment, v.id, if(v.entered, 'entered', 'left') as change,
    if(v.entered, 'matched', ${because}) as because, ${param(run)} as run, ${param(at)}::timestamp as at from moved v left join (${reasons}) r on r.id = v.id order by seq`)
}

/** `reached` is what the log had reached before, if that is known: less of it is looked through. */
export async function readLastSeq(tx: Connection, reached = 0): Promise<number> {
  return (await tx.row<{ last: number }>(sqlText`select coalesce(max(seq), ${param(reached)}) as last from membership_log where seq >= ${param(reached)}`)).last
}

// Delete and insert: DuckDB rewrites whole row groups for wide updates (docs/decisions/0001).
async function replaceRows(tx: Connection, at: Instant): Promise<void> {
  const now = sqlText`${param(at)}::timestamp`
  await tx.run(
    sqlText`create or replace temporary table settled as select v.segment, v.id, if(v.entered, 'realized', 'exited') as status,
      if(v.entered, ${now}, m.qualified_at) as qualified_at, if(v.entered, null, ${now}) as exited_at
      from moved v left join membership m on m.segment = v.segment and m.id = v.id`,
  )
  await tx.run(sqlText`delete from membership where (segment, id) in (select segment, id from moved)`)
  await tx.insert('membership', sqlText`select * from settled order by segment, id`)
}

async function replaceWords(tx: Connection, entity: ProfileEntity): Promise<void> {
  const table = memberWordsTables[entity].name
  await tx.run(sqlText`delete from ${name(table)} where id in (select id from moved_words)`)
  await tx.insert(table, sqlText`select * from moved_words order by id`)
}

export async function clearBit(tx: Connection, entity: ProfileEntity, bit: number): Promise<void> {
  const table = memberWordsTables[entity].name
  const word = name(`w${String(Math.floor(bit / bitsPerWord))}`)
  const own = param(2n ** BigInt(bit % bitsPerWord))
  await tx.run(sqlText`create or replace temporary table moved_words as select * replace (${tx.dialect.bitXor(word, own)} as ${word}) from ${name(table)} where (${word} & ${own}) <> 0`)
  await replaceWords(tx, entity)
}

/** Forgets who left longer ago than is kept; nobody, where there is no limit. */
export async function purgeExited(tx: Connection, at: Instant, keptDays: number | undefined): Promise<void> {
  if (keptDays === undefined) return
  await tx.run(sqlText`delete from membership where status = 'exited' and exited_at < ${param(at)}::timestamp - to_days(${param(keptDays)})`)
}

/** Moves older than an instant, up to a place in the log that everybody has passed. The newest stays: numbers are not given again. */
export function forgetOldMoves(tx: Connection, { before, throughSeq }: { readonly before: Instant; readonly throughSeq: number }): Promise<number> {
  return tx.run(sqlText`delete from membership_log where "at" < ${param(before)}::timestamp and seq <= ${param(throughSeq)} and seq < (select max(seq) from membership_log)`)
}

export interface SegmentState {
  readonly segment: number
  readonly digest: string
  readonly members: number
  readonly errors: Readonly<Record<string, number>>
}

export async function writeSegmentStates(tx: Connection, states: readonly SegmentState[], profileSeq: number, at: Instant): Promise<void> {
  await forgetSegmentStates(tx, states.map((each) => each.segment))
  await tx.append(segmentStateTable, states.map((each) => [each.segment, each.digest, profileSeq, at, each.members, JSON.stringify(each.errors)]))
}

export async function forgetSegmentStates(tx: Connection, segments: readonly number[]): Promise<void> {
  if (segments.length === 0) return
  await tx.run(sqlText`delete from segment_state where segment in (${joined(segments.map((each) => param(each)), ', ')})`)
}
