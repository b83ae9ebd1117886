// The few profiles of a micro-batch, against segments that the store decides by one statement: their words come into memory, are
// compared there, and only what moved goes back. It must come to what the evaluation by tables comes to (evaluate-few.test.ts);
// what it cannot do (segments that read others, undecided profiles, profiles that are gone) is left to that.
import type { Applied } from '../2-plan/applied.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import type { Clock } from '../kernel/clock.js'
import { type SqlText, joined, name, sqlText } from '../kernel/sql-text.js'
import { type BitPlace, isSet, placeOf } from '../matching/bit-places.js'
import { type FewMatch, matchFew } from '../matching/match-few.js'
import type { ProfileWords } from '../matching/profile-words.js'
import type { Connection, StoreRow, Table } from '../stores/store.js'
import { memberWordsTables, membershipLogTable, membershipTable } from '../stores/tables.js'
import type { SegmentTask } from './choose-scope.js'
import type { Moves } from './membership-delta.js'
import { wordsTable } from './segment-bits.js'
import { type WriteContext, readLastSeq } from './write-memberships.js'

/** What a daemon knows that would have to be asked. */
export interface Known {
  /** What the log of changed profiles has reached. */
  readonly profileSeq?: number
  /** What the membership log had reached before. */
  readonly lastSeq?: number
  /** What people are by their own rows; told of those that are made again. */
  readonly profileWords?: ProfileWords
}

export interface FewRequest {
  readonly tasks: readonly SegmentTask[]
  readonly applied: Applied
  readonly clock: Clock
  /** By segment uid. */
  readonly bits: ReadonlyMap<number, number>
  readonly context: WriteContext
  readonly known: Known
}

export interface FewMoves {
  /** By segment uid. */
  readonly moves: ReadonlyMap<number, Moves>
  readonly evaluated: number
  /** The last number of the log now. */
  readonly lastSeq: number
}

/** Undefined, and nothing written, where this is not the way. */
export async function evaluateFew(tx: Connection, { tasks, applied, clock, bits, context, known }: FewRequest): Promise<FewMoves | undefined> {
  const match = await matchFew({ store: tx, entities: applied.entities, rules: tasks.map(({ rule }) => rule), nowMs: clock.nowMs(), bits, ...(known.profileWords ? { profileWords: known.profileWords } : {}) })
  if (!match) return undefined
  const rows = await tx.rows(matchedAndStored(match))
  // Why somebody who is gone has left is asked of tables.
  if (rows.some((each) => each['present'] !== true)) return undefined
  const places = tasks.map(({ rule }): SegmentPlace => ({ segment: rule.uid, ...placeOf(bits.get(rule.uid) ?? 0) }))
  const moves = places.flatMap((place, position) => rows.flatMap((row) => toMove(row, place, position))).sort((a, b) => a.position - b.position || a.id - b.id)
  const last = await readLastSeq(tx, known.lastSeq)
  if (moves.length > 0) {
    await appendToLog(tx, moves, { ...context, last })
    await replaceRows(tx, moves, context)
    await replaceWords(tx, match.entity, { rows, moves, places })
  }
  return { moves: countMoves(moves), evaluated: rows.length, lastSeq: last + moves.length }
}

/** A row per profile: `scoped` (its id), `present`, its words as they match now (`n0` …) and as stored (`w0` …). */
function matchedAndStored({ sql, scopeTable, entity, words }: FewMatch): SqlText {
  const now = words.map((word) => sqlText`, m.${name(`w${String(word)}`)} as ${name(`n${String(word)}`)}`)
  return sqlText`select s.id as scoped, m.id is not null as present ${joined(now, ' ')}, b.* from ${name(scopeTable)} s left join (${sql}) m on m.id = s.id left join ${name(memberWordsTables[entity].name)} b on b.id = s.id`
}

interface SegmentPlace extends BitPlace {
  readonly segment: number
}

/** One profile into or out of one segment. */
interface Move {
  /** The segment's place in the order of the log. */
  readonly position: number
  readonly segment: number
  readonly id: number
  readonly entered: boolean
}

function toMove(row: StoreRow, { segment, word, bit }: SegmentPlace, position: number): readonly Move[] {
  const entered = isSet(Number(row[`n${String(word)}`] ?? 0), bit)
  return entered === isSet(Number(row[`w${String(word)}`] ?? 0), bit) ? [] : [{ position, segment, id: Number(row['scoped']), entered }]
}

function countMoves(moves: readonly Move[]): ReadonlyMap<number, Moves> {
  const counts = new Map<number, Moves>()
  for (const { segment, entered: isEntry } of moves) {
    const { entered, left } = counts.get(segment) ?? { entered: 0, left: 0 }
    counts.set(segment, isEntry ? { entered: entered + 1, left } : { entered, left: left + 1 })
  }
  return counts
}

async function appendToLog(tx: Connection, moves: readonly Move[], { run, at, last }: WriteContext & { readonly last: number }): Promise<void> {
  await tx.append(membershipLogTable, moves.map(({ segment, id, entered }, index) => [last + index + 1, segment, id, entered ? 'entered' : 'left', entered ? 'matched' : 'no-longer-matched', run, at]))
}

const movedTable: Table = { name: 'moved_few', columns: [{ name: 'segment', type: 'int' }, { name: 'id', type: 'int' }] }

/** Leaves `moved_few(segment, id)`. An exit keeps since when they were in. */
async function replaceRows(tx: Connection, moves: readonly Move[], { at }: WriteContext): Promise<void> {
  await tx.temporaryTable(movedTable)
  await tx.append(movedTable, moves.map(({ segment, id }) => [segment, id]))
  const former = await tx.rows<{ segment: number; id: number; qualified_at: string | null }>(sqlText`delete from membership where (segment, id) in (select segment, id from moved_few) returning segment, id, qualified_at`)
  const since = new Map(former.map((each) => [`${String(each.segment)} ${String(each.id)}`, each.qualified_at]))
  const rows = [...moves].sort((a, b) => a.segment - b.segment || a.id - b.id)
  await tx.append(membershipTable, rows.map(({ segment, id, entered }) => [segment, id, entered ? 'realized' : 'exited', entered ? at : (since.get(`${String(segment)} ${String(id)}`) ?? null), entered ? null : at]))
}

interface MovedWords {
  readonly rows: readonly StoreRow[]
  readonly moves: readonly Move[]
  readonly places: readonly SegmentPlace[]
}

async function replaceWords(tx: Connection, entity: ProfileEntity, { rows, moves, places }: MovedWords): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).filter((each) => /^w\d+$/.test(each))
  const words = new Map(rows.map((row) => [Number(row['scoped']), columns.map((each) => Number(row[each] ?? 0))]))
  for (const { position, id, entered } of moves) {
    const [place, own] = [places[position], words.get(id)]
    if (place && own) own[place.word] = (own[place.word] ?? 0) + (entered ? 1 : -1) * 2 ** place.bit
  }
  const moved = [...new Set(moves.map((each) => each.id))].sort((a, b) => a - b)
  const table = wordsTable(entity, columns.length)
  await tx.run(sqlText`delete from ${name(table.name)} where id in (select id from moved_few)`)
  await tx.append(table, moved.map((id) => [id, ...(words.get(id) ?? [])]))
}
