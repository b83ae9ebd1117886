// Lets go of what grows for ever and nobody needs any more. Kept, however old: what a segment's window looks back to, what an activation or
// an evaluation has not read yet, what a hold compares with, requests without an answer.
import type { Applied } from '../2-plan/applied.js'
import { forgetOldRaw } from '../4-ingest/index.js'
import { forgetOldChanges, forgetOldEvents } from '../5-profiles/index.js'
import { forgetOldMoves } from '../6-segments/index.js'
import { forgetOldReceipts } from '../7-activation/index.js'
import { findEventReads } from '../expressions/event-reads.js'
import { lower } from '../expressions/lowering/lower.js'
import { parseOnce } from '../expressions/parse-once.js'
import { toRootShapes } from '../expressions/root-shape.js'
import { type Clock, type Instant, instantFromMs } from '../kernel/clock.js'
import { numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Store } from '../stores/store.js'

export interface Forgotten {
  readonly events: number
  readonly changes: number
  readonly moves: number
  readonly receipts: number
  readonly runs: number
}

const dayMs = 86_400_000
const usual = { moveDays: 90, receiptDays: 30, runDays: 90 } as const
/** Changes of profiles serve the stages after them, and say for a while why somebody left. */
const changeDays = 7

export function forgetOld({ store, applied, clock }: { readonly store: Store; readonly applied: Applied; readonly clock: Clock }): Promise<Forgotten> {
  const kept = { ...usual, ...applied.sandbox.retention }
  const before = (days: number): Instant => instantFromMs(clock.nowMs() - days * dayMs)
  return store.transaction(async (tx) => {
    const read = await readPlaces(tx, applied)
    const events = await forgetEvents(tx, applied, clock)
    const changes = await forgetOldChanges(tx, { before: before(changeDays), throughSeq: read.changes })
    const moves = await forgetOldMoves(tx, { before: before(kept.moveDays), throughSeq: read.moves })
    const receipts = await forgetOldReceipts(tx, before(kept.receiptDays))
    const runs = await tx.run(sqlText`delete from run where status <> 'running' and coalesce(ended_at, started_at) < ${param(before(kept.runDays))}::timestamp`)
    return { events, changes, moves, receipts, runs }
  })
}

async function forgetEvents(tx: Connection, applied: Applied, clock: Clock): Promise<number> {
  const days = applied.sandbox.retention?.eventDays
  if (days === undefined) return 0
  const neededMs = earliestEventNeeded(applied, clock.nowMs())
  const events = neededMs === undefined ? 0 : await forgetOldEvents(tx, instantFromMs(Math.min(neededMs, clock.nowMs() - days * dayMs)))
  if (events > 0) await forgetOldRaw(tx, eventStreams(applied))
  return events
}

/** Undefined when a segment reads the whole history: then no event can go. */
function earliestEventNeeded({ entities, segments }: Applied, nowMs: number): number | undefined {
  const shapes = toRootShapes(entities)
  let earliest = nowMs
  for (const { spec } of Object.values(segments)) {
    const parsed = parseOnce(spec.expression)
    if (!parsed.ok) return undefined
    const ir = lower({ tree: parsed.expression.tree, text: parsed.expression.text, shape: shapes[spec.entity], bindings: { nowMs, vars: spec.vars } })
    const lookBack = findEventReads(ir, parsed.expression)?.lookBack
    if (lookBack?.is === 'whole history') return undefined
    if (lookBack) earliest = Math.min(earliest, lookBack.ms)
  }
  return earliest
}

function eventStreams({ sources, entities }: Applied): readonly { readonly source: number; readonly stream: string }[] {
  return Object.values(sources).flatMap(({ uid, spec }) => spec.streams.filter((each) => entities[each.entity]?.grain === 'event').map(({ name }) => ({ source: uid, stream: name })))
}

/** Up to where everybody has read the log of changed profiles and that of memberships. */
async function readPlaces(tx: Connection, { segments }: Applied): Promise<{ readonly changes: number; readonly moves: number }> {
  const live = Object.values(segments).map((each) => each.uid)
  const { evaluated, delivered, moved, held } = await tx.row<Readonly<Record<'evaluated' | 'delivered' | 'moved' | 'held', number | null>>>(
    sqlText`select (select min(profile_seq) from segment_state where segment in ${numbers(live)}) as evaluated, (select min(coalesce(profile_seq, 0)) from activation_cursor) as delivered,
      (select min(seq) from activation_cursor) as moved, (select min(from_seq) from segment_hold) as held`,
  )
  return { changes: Math.min(evaluated ?? Infinity, delivered ?? Infinity, Number.MAX_SAFE_INTEGER), moves: Math.min(moved ?? Infinity, held ?? Infinity, Number.MAX_SAFE_INTEGER) }
}
