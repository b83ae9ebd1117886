// The numbers of a sandbox in one look: what was read, who is there, who is where, what waits and what was refused.
import type { HoldReason } from '../6-segments/membership.js'
import type { Applied } from '../2-plan/applied.js'
import type { ReadProgress } from '../4-ingest/batch.js'
import { type SqlText, sqlText } from '../kernel/sql-text.js'
import type { Connection, StoreRow } from '../stores/store.js'
import { type CircuitLine, readCircuitLines } from './circuit-breaker.js'
import type { RunSummary } from './run-history.js'
import { type BreachRow, readBreaches } from './observe/read-breaches.js'

export interface Status {
  readonly project: string
  readonly sandbox: string
  readonly serial: number
  readonly runs: readonly RunLine[]
  readonly streams: readonly { readonly source: string; readonly stream: string; readonly readAt: string | null; readonly quarantined: number; readonly unfinished?: ReadProgress }[]
  readonly profiles: { readonly persons: number; readonly accounts: number; readonly refusedLinks: number }
  readonly segments: readonly { readonly segment: string; readonly lane: string; readonly members: number; readonly evaluatedAt: string | null; readonly errors: Readonly<Record<string, number>>; readonly held?: HoldReason }[]
  readonly deliveries: readonly { readonly destination: string; readonly segment: string; readonly remote: number; readonly waiting: number; readonly dead: number; readonly unmatched: number; readonly withheld: number; readonly lastCode: string | null }[]
  /** Destinations that are left alone because they keep failing. */
  readonly circuits: readonly CircuitLine[]
  readonly quarantine: readonly { readonly code: string; readonly field: string | null; readonly count: number; readonly example: string | null }[]
  readonly breaches: readonly BreachRow[]
  readonly refused: readonly { readonly code: string; readonly namespace: string; readonly count: number }[]
}

export interface RunLine {
  readonly run: string
  readonly startedAt: string
  readonly status: string
  readonly summary: Readonly<Record<string, unknown>>
}

export async function readStatus(store: Connection, applied: Applied): Promise<Status> {
  const recent = await runs(store)
  return {
    project: applied.project,
    sandbox: applied.sandbox.name,
    serial: applied.serial,
    runs: recent,
    streams: await streams(store, applied, recent),
    profiles: applied.serial === 0 ? { persons: 0, accounts: 0, refusedLinks: 0 } : await profiles(store),
    segments: await readSegmentLines(store, applied),
    deliveries: await deliveries(store, applied),
    circuits: await readCircuitLines(store, applied),
    quarantine: await store.rows(sqlText`select code, field, count(*) as count, min(message) as example from quarantine group by code, field order by count desc, code, field`) as unknown as Status['quarantine'],
    breaches: await readBreaches(store),
    refused: await store.rows(sqlText`select code, namespace, count(*) as count from refused_link group by code, namespace order by count desc, code, namespace`) as unknown as Status['refused'],
  }
}

async function runs(store: Connection): Promise<readonly RunLine[]> {
  const rows = await store.rows<{ run: string; started_at: string; status: string; summary: string | null }>(sqlText`select run, started_at, status, summary from run order by started_at desc, run desc limit 5`)
  return rows.map((each) => ({ run: each.run, startedAt: each.started_at, status: each.status, summary: each.summary === null ? {} : (JSON.parse(each.summary) as Record<string, unknown>) }))
}

async function streams(store: Connection, applied: Applied, recent: readonly RunLine[]): Promise<Status['streams']> {
  const cursors = await store.rows<{ source: number; stream: string; read_at: string }>(sqlText`select source, stream, cursor.at as read_at from cursor`)
  const bad = await store.rows<{ source: number; stream: string; count: number }>(sqlText`select source, stream, count(*) as count from quarantine group by source, stream`)
  return Object.values(applied.sources).flatMap(({ uid, spec }) =>
    spec.streams.map(({ name }) => ({
      source: spec.name,
      stream: name,
      readAt: cursors.find((each) => each.source === uid && each.stream === name)?.read_at ?? null,
      quarantined: bad.find((each) => each.source === uid && each.stream === name)?.count ?? 0,
      ...unfinishedOf(recent, { source: spec.name, stream: name }),
    })),
  )
}

/** As of the newest of the last passes that read the stream. */
function unfinishedOf(recent: readonly RunLine[], { source, stream }: { readonly source: string; readonly stream: string }): { readonly unfinished?: ReadProgress } {
  const read = recent.flatMap(({ summary }) => (summary as Partial<RunSummary>).streams ?? []).find((each) => each.source === source && each.stream === stream)
  return read?.unfinished ? { unfinished: read.unfinished } : {}
}

async function profiles(store: Connection): Promise<Status['profiles']> {
  const refused = await count(store, sqlText`select count(*) as count from refused_link`)
  const persons = await count(store, sqlText`select count(*) as count from person`)
  const accounts = await count(store, sqlText`select count(*) as count from account`)
  return { persons, accounts, refusedLinks: refused }
}

async function count(store: Connection, query: SqlText): Promise<number> {
  return (await store.row<{ count: number }>(query)).count
}

export async function readSegmentLines(store: Connection, applied: Applied): Promise<Status['segments']> {
  const states = await store.rows<{ segment: number; evaluated_at: string | null; members: number; errors: string | null } & StoreRow>(sqlText`select segment, evaluated_at, members, errors from segment_state`)
  const holds = await store.rows<{ segment: number; reason: string }>(sqlText`select segment, reason from segment_hold`)
  return Object.values(applied.segments).map(({ uid, spec }) => {
    const state = states.find((each) => each.segment === uid)
    const hold = holds.find((each) => each.segment === uid)
    return { ...(hold ? { held: JSON.parse(hold.reason) as HoldReason } : {}), segment: spec.name, lane: spec.lane, members: state?.members ?? 0, evaluatedAt: state?.evaluated_at ?? null, errors: JSON.parse(state?.errors ?? '{}') as Record<string, number> }
  })
}

async function deliveries(store: Connection, applied: Applied): Promise<Status['deliveries']> {
  const remote = await store.rows<{ destination: number; segment: number; count: number }>(sqlText`select destination, segment, count(*) as count from remote_member where certain group by destination, segment`)
  const open = await store.rows<{ destination: number; segment: number; waiting: number; dead: number; unmatched: number; code: string | null }>(
    sqlText`select destination, segment, count(*) filter (where state in ('waiting', 'sending')) as waiting, count(*) filter (where state = 'dead') as dead, count(*) filter (where state = 'unmatched') as unmatched, max(code) as code from outbox group by destination, segment`,
  )
  const withheld = await store.rows<{ destination: number; segment: number; count: number }>(sqlText`select destination, segment, count(*) as count from withheld group by destination, segment`)
  return Object.values(applied.segments).flatMap(({ uid: segment, spec }) =>
    spec.activate.map(({ destination }) => {
      const uid = applied.destinations[destination]?.uid ?? -1
      const waiting = open.find((each) => each.destination === uid && each.segment === segment)
      const there = remote.find((each) => each.destination === uid && each.segment === segment)
      const out = withheld.find((each) => each.destination === uid && each.segment === segment)
      return { destination, segment: spec.name, remote: there?.count ?? 0, waiting: waiting?.waiting ?? 0, dead: waiting?.dead ?? 0, unmatched: waiting?.unmatched ?? 0, withheld: out?.count ?? 0, lastCode: waiting?.code ?? null }
    }),
  )
}
