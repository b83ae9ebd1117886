// How old the oldest thing is that waits at each hop of the journey, against Adobe's latency objectives. Asked of the store, so it says
// the same whoever asks and however long the daemon runs.
import type { AppliedResource, Applied } from '../../2-plan/applied.js'
import type { Segment, Source } from '../../1-project/project.js'
import { type SqlText, joined, param, sqlText } from '../../kernel/sql-text.js'
import { eventsConnector } from '../../plugins/builtin/events/index.js'
import type { Connection } from '../../stores/store.js'

export type Hop = 'raw' | 'profile' | 'streaming' | 'batch' | 'activation'

export interface Latency {
  readonly hop: Hop
  readonly objectiveMs: number
  /** Of what waits longest; 0 when nothing does. */
  readonly oldestMs: number
  /** Where it waits: a source, a segment, a destination; empty when nothing does. */
  readonly where: string
  readonly missed: boolean
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
// Rows 7, 8, 9, 64 and 65 of the guardrail sheet; the seed's numbers and those that Adobe gave later.
const objectives: Readonly<Record<'seed' | 'adobe-2025', Readonly<Record<Hop, number>>>> = {
  seed: { raw: 15 * minuteMs, profile: 5 * minuteMs, streaming: 5 * minuteMs, batch: 24 * hourMs, activation: 5 * minuteMs },
  'adobe-2025': { raw: 60 * minuteMs, profile: 10 * minuteMs, streaming: 5 * minuteMs, batch: 24 * hourMs, activation: 15 * minuteMs },
}
/** An evaluation that begins once a day ends a little more than a day after the one before. */
const graceOfBatchMs = hourMs

export interface LatencyQuestion {
  readonly store: Connection
  readonly applied: Applied
  readonly nowMs: number
  /** Sources whose changes are to come by themselves; of the others nobody expects it. */
  readonly isContinuous: (source: Source) => boolean
  /** Since when records wait for their profiles; the store does not know. */
  readonly unfollowedSinceMs: number | undefined
}

interface Oldest {
  readonly where: string
  readonly sinceMs: number
}

/** Hops at which nothing can wait, because nothing of the kind is applied, are left out. */
export async function readLatencies(question: LatencyQuestion): Promise<readonly Latency[]> {
  const { applied, nowMs, unfollowedSinceMs } = question
  const { profile } = applied.guardrails
  const wanted = objectives[profile === 'adobe-2025' ? profile : 'seed']
  const segments = Object.values(applied.segments)
  const streaming = segments.filter((each) => each.spec.lane === 'streaming')
  const batch = segments.filter((each) => each.spec.lane === 'batch')
  const delivered = streaming.filter((each) => each.spec.activate.length > 0)
  const sources = Object.values(applied.sources).filter((each) => question.isContinuous(each.spec))
  const toLatency = (hop: Hop, oldest: Oldest | undefined, graceMs = 0): Latency => {
    const oldestMs = oldest ? Math.max(0, nowMs - oldest.sinceMs) : 0
    return { hop, objectiveMs: wanted[hop], oldestMs, where: oldest?.where ?? '', missed: oldestMs > wanted[hop] + graceMs }
  }
  return [
    ...(sources.length > 0 ? [toLatency('raw', await findUnread(question, sources))] : []),
    ...(sources.length > 0 ? [toLatency('profile', unfollowedSinceMs === undefined ? undefined : { where: 'profiles', sinceMs: unfollowedSinceMs })] : []),
    ...(streaming.length > 0 ? [toLatency('streaming', await findUnevaluated(question, streaming))] : []),
    ...(batch.length > 0 ? [toLatency('batch', await findStale(question, batch), graceOfBatchMs)] : []),
    ...(delivered.length > 0 ? [toLatency('activation', await findUndelivered(question, delivered))] : []),
  ]
}

/** Whether records wait for their profiles. */
export async function hasUnfollowed(store: Connection): Promise<boolean> {
  const { behind } = await store.row<{ behind: boolean }>(sqlText`select coalesce((select max(last) from record_sequence), 0) > coalesce((select max(seq) from profile_cursor), 0) as behind`)
  return behind
}

/** A change may be as old as the last reading. What is collected is answered when it is here, and waits nowhere. */
async function findUnread({ store }: LatencyQuestion, sources: readonly AppliedResource<Source>[]): Promise<Oldest | undefined> {
  const pulled = sources.filter((each) => each.spec.connector !== eventsConnector.name)
  if (pulled.length === 0) return undefined
  return oldestOf(store, sqlText`select source as uid, min(cursor.at) as since from cursor where source in (${uids(pulled)}) group by source`, pulled)
}

async function findUnevaluated({ store }: LatencyQuestion, segments: readonly AppliedResource<Segment>[]): Promise<Oldest | undefined> {
  const states = sqlText`from segment_state where segment in (${uids(segments)})`
  return oldestOf(store, sqlText`select (select arg_min(segment, profile_seq) ${states}) as uid, min(profile_change.at) as since from profile_change where entity = 'person' and seq > (select min(profile_seq) ${states})`, segments)
}

async function findStale({ store }: LatencyQuestion, segments: readonly AppliedResource<Segment>[]): Promise<Oldest | undefined> {
  return oldestOf(store, sqlText`select segment as uid, evaluated_at as since from segment_state where evaluated_at is not null and segment in (${uids(segments)})`, segments)
}

/** What moved and was not taken up for delivery, or was and is not there. What was given up, and what is held, is told elsewhere. */
async function findUndelivered({ store, applied }: LatencyQuestion, segments: readonly AppliedResource<Segment>[]): Promise<Oldest | undefined> {
  const live = Object.values(applied.destinations).filter((each) => !each.spec.dryRun)
  if (live.length === 0) return undefined
  return oldestOf(store, sqlText`select destination as uid, min(since) as since from (
      select destination, since from outbox where state not in ('dead', 'skipped') and segment in (${uids(segments)}) and segment not in (select segment from segment_hold)
      union all
      select c.destination, l.at as since from activation_cursor c join membership_log l on l.segment = c.segment and l.seq > c.seq where c.segment in (${uids(segments)}) and c.segment not in (select segment from segment_hold))
    where destination in (${uids(live)}) group by destination`, live)
}

async function oldestOf(store: Connection, query: SqlText, resources: readonly AppliedResource<Segment | Source | { readonly name: string }>[]): Promise<Oldest | undefined> {
  const rows = await store.rows<{ uid: number; since: string | null }>(query)
  const [oldest] = rows.flatMap(({ uid, since }) => (since === null ? [] : [{ where: resources.find((each) => each.uid === uid)?.spec.name ?? '', sinceMs: Date.parse(since) }])).sort((a, b) => a.sinceMs - b.sinceMs)
  return oldest
}

function uids(resources: readonly { readonly uid: number }[]): SqlText {
  return joined(resources.map((each) => param(each.uid)), ', ')
}
