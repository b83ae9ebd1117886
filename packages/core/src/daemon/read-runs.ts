// The history of runs: what each read, changed and delivered, how long it took, what failed, and what it put into quarantine.
import { type Applied, nameOf } from '../2-plan/applied.js'
import type { Instant } from '../kernel/clock.js'
import { type SqlText, joined, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import type { RefusedRecord } from './read-quarantine.js'
import type { RunSummary, StreamSummary } from './run-history.js'

export type RunStatus = 'running' | 'done' | 'undelivered' | 'failed' | 'interrupted'

export interface RunEntry {
  readonly run: string
  /** Of the applied state that it worked from. */
  readonly serial: number
  readonly status: RunStatus
  readonly startedAt: Instant
  readonly endedAt: Instant | null
  /** Of runs that came to their end; of older ones with fewer figures. */
  readonly summary: Partial<RunSummary>
}

export interface RunsRequest {
  readonly limit: number
  readonly offset?: number
  readonly status?: RunStatus
  /** Started then or later. */
  readonly since?: Instant
}

export interface RunDetails extends RunEntry {
  readonly quarantine: { readonly total: number; readonly counts: readonly QuarantineCount[]; readonly records: readonly QuarantinedRecord[] }
}

export type QuarantineCount = Pick<RefusedRecord, 'source' | 'stream' | 'code' | 'field'> & { readonly count: number }
export type QuarantinedRecord = Omit<RefusedRecord, 'seq' | 'at'>

/** Newest first. */
export async function readRuns(store: Connection, { limit, offset = 0, status, since }: RunsRequest): Promise<readonly RunEntry[]> {
  const conditions = [sqlText`true`, ...(status === undefined ? [] : [sqlText`status = ${param(status)}`]), ...(since === undefined ? [] : [sqlText`started_at >= ${param(since)}::timestamp`])]
  return readEntries(store, sqlText`where ${joined(conditions, ' and ')} order by started_at desc, run desc limit ${param(limit)} offset ${param(offset)}`)
}

/** By its id, by how its id begins, or `last`; undefined when it is none, or one of several. */
export async function findRun(store: Connection, applied: Applied, written: string, mostRecords: number): Promise<RunDetails | undefined> {
  const found = await (written === 'last' ? readRuns(store, { limit: 1 }) : readEntries(store, sqlText`where starts_with(run, ${param(written)}) limit 2`))
  const entry = found.find((each) => each.run === written) ?? (found.length === 1 ? found[0] : undefined)
  return entry && { ...entry, quarantine: await readQuarantine(store, applied, entry.summary.streams ?? [], mostRecords) }
}

async function readEntries(store: Connection, which: SqlText): Promise<readonly RunEntry[]> {
  const rows = await store.rows<{ run: string; serial: number; status: RunStatus; started_at: Instant; ended_at: Instant | null; summary: string | null }>(sqlText`select run, serial, status, started_at, ended_at, summary from run ${which}`)
  return rows.map((each) => ({ run: each.run, serial: each.serial, status: each.status, startedAt: each.started_at, endedAt: each.ended_at, summary: each.summary === null ? {} : (JSON.parse(each.summary) as Partial<RunSummary>) }))
}

/** What the run's records left there; a record that came back good since has left it. */
async function readQuarantine(store: Connection, applied: Applied, streams: readonly StreamSummary[], mostRecords: number): Promise<RunDetails['quarantine']> {
  const ranges = streams.flatMap((each) => (each.quarantined > 0 ? [sqlText`(stream = ${param(each.stream)} and seq > ${param(each.fromSeq)} and seq <= ${param(each.toSeq)})`] : []))
  if (ranges.length === 0) return { total: 0, counts: [], records: [] }
  const own = joined(ranges, ' or ')
  const counts = await store.rows<Omit<QuarantineCount, 'source'> & { readonly source: number }>(sqlText`select source, stream, code, field, count(*) as count from quarantine where ${own} group by source, stream, code, field order by count desc, source, stream, code, field`)
  const records = await store.rows<Omit<QuarantinedRecord, 'source'> & { readonly source: number }>(sqlText`select source, stream, key, code, field, message, record from quarantine where ${own} order by seq limit ${param(mostRecords)}`)
  const named = <Row extends { readonly source: number }>(row: Row): Omit<Row, 'source'> & { readonly source: string } => ({ ...row, source: nameOf(applied, 'Source', row.source) })
  return { total: counts.reduce((sum, each) => sum + each.count, 0), counts: counts.map(named), records: records.map(named) }
}
