// History by bulk extract, window by window. A window's job is kept in the checkpoint before it is queued, so that a killed run
// takes it up again instead of making another; the next window's job runs while this one is read.
import { type JsonObject, type ReadPart, connectorError } from '@cdpkit/core/sdk'
import type { ExportKind } from '../client/bulk.js'
import { type Refusal, toError } from '../client/client.js'
import { type Reading, dayMs, toTime } from './reading.js'

export interface WindowJob {
  readonly id: string
  readonly from: string
  readonly to: string
  /** How often the window was asked for. */
  readonly attempt: number
}

/** What of it is in a checkpoint. */
export interface WindowState {
  /** Where the next window begins, and where the last one ends. */
  readonly next: string
  readonly start: string
  readonly end: string
  readonly days: number
  readonly jobs: readonly WindowJob[]
  /** Rows of the first job that were given already, and of all jobs before it. */
  readonly rows: number
  readonly done: number
}

export interface WindowPlan {
  readonly kind: ExportKind
  readonly fields: readonly string[]
  readonly filter: (range: { readonly startAt: string; readonly endAt: string }) => JsonObject
  readonly toRecord: (columns: readonly string[], row: readonly string[]) => JsonObject
}

export type WindowPart = { readonly part: ReadPart; readonly state: WindowState }

const jobsAtOnce = 2
const longestDays = 31
const shortestDays = 1 / 24
const attempts = 3
/** So many bytes a window should have: small enough that the 500 MB of a day are no matter, large enough that jobs are few. */
const wantedBytes = 50_000_000
const rowsPerCheckpoint = 20_000

export function startWindows(start: string, end: string, days = longestDays): WindowState {
  return { next: start, start, end, days, jobs: [], rows: 0, done: 0 }
}

export function isDone({ next, end, jobs }: WindowState): boolean {
  return jobs.length === 0 && Date.parse(next) > Date.parse(end)
}

/** Parts to hand on, each with the state to keep in a checkpoint after it. A refused filter is given back as it is. */
export async function* readWindows(reading: Reading, plan: WindowPlan, begun: WindowState): AsyncIterable<WindowPart | { readonly refused: Refusal }> {
  let state = begun
  if (begun.done > 0) yield { part: { progress: progressOf(begun) }, state }
  while (!isDone(state)) {
    while (state.jobs.length < jobsAtOnce && Date.parse(state.next) <= Date.parse(state.end)) {
      const made = await makeJob(reading, plan, nextRange(state), 1)
      if ('code' in made) { yield { refused: made }; return }
      state = { ...state, next: toTime(Date.parse(made.to) + 1000), jobs: [...state.jobs, made] }
      yield { part: { records: [] }, state }
      await reading.bulk.enqueue(plan.kind, made.id)
    }
    const [job] = state.jobs
    if (!job) return
    for await (const read of readJob(reading, plan, state, job)) {
      state = read.state
      yield read
    }
  }
}

/** @throws when Marketo refuses the filter. */
export async function* readAll(reading: Reading, plan: WindowPlan, begun: WindowState): AsyncIterable<WindowPart> {
  for await (const each of readWindows(reading, plan, begun)) {
    if ('refused' in each) throw toError(each.refused)
    yield each
  }
}

// Both ends of a range belong to it; times are whole seconds.
function nextRange({ next, end, days }: WindowState): { readonly startAt: string; readonly endAt: string } {
  return { startAt: next, endAt: toTime(Math.min(Date.parse(next) + days * dayMs - 1000, Date.parse(end))) }
}

async function makeJob(reading: Reading, { kind, fields, filter }: WindowPlan, range: { readonly startAt: string; readonly endAt: string }, attempt: number): Promise<WindowJob | Refusal> {
  const made = await reading.bulk.create(kind, { fields: [...fields], filter: filter(range) })
  return 'code' in made ? made : { id: made.id, from: range.startAt, to: range.endAt, attempt }
}

async function* readJob(reading: Reading, plan: WindowPlan, begun: WindowState, job: WindowJob): AsyncIterable<WindowPart> {
  const ended = await reading.bulk.waitFor(plan.kind, job.id)
  if (ended.is !== 'ready') {
    yield { part: { records: [] }, state: await makeAgain(reading, plan, begun, { job, reason: ended.is === 'ended' ? ended.reason : undefined }) }
    return
  }
  let columns: readonly string[] | undefined
  let seen = 0
  let state = begun
  for await (const part of reading.bulk.rows(plan.kind, job.id, ended)) {
    if (part === 'lost') {
      yield { part: { records: [] }, state: await makeAgain(reading, plan, begun, { job, reason: undefined }) }
      return
    }
    const rows = columns ? part.rows : part.rows.slice(1)
    columns ??= part.rows[0] ?? []
    const fresh = rows.slice(Math.max(0, begun.rows - seen))
    seen += rows.length
    const header = columns
    const records = [
      ...fresh.map((row) => ({ op: 'upsert' as const, record: plan.toRecord(header, row) })),
      ...part.unreadable.map(({ line, text, reason }) => ({ op: 'unreadable' as const, where: `export ${job.id}, line ${String(line)}`, text, reason })),
    ]
    if (records.length > 0) yield { part: { records }, state }
    if (seen - state.rows >= rowsPerCheckpoint) {
      state = { ...state, rows: seen }
      yield { part: { records: [] }, state }
    }
  }
  const after = { ...state, jobs: state.jobs.slice(1), rows: 0, done: state.done + seen, days: daysFor(job, ended.bytes) }
  yield { part: { progress: progressOf(after) }, state: after }
}

// A job that failed, or was forgotten, is made again for the same window.
async function makeAgain(reading: Reading, plan: WindowPlan, state: WindowState, { job, reason }: { readonly job: WindowJob; readonly reason: string | undefined }): Promise<WindowState> {
  if (job.attempt >= attempts) throw connectorError('unavailable', { reason: `Marketo failed ${String(attempts)} times to extract ${plan.kind} from ${job.from} to ${job.to}: ${reason ?? 'the file was not there'}`, hint: `The next run tries again. If it stays, give Adobe the export id ${job.id}.` })
  reading.context.log.write('warn', `bulk extract ${job.id} is made again: ${reason ?? 'Marketo has its file no more'}`)
  const made = await makeJob(reading, plan, { startAt: job.from, endAt: job.to }, job.attempt + 1)
  if ('code' in made) throw toError(made)
  await reading.bulk.enqueue(plan.kind, made.id)
  return { ...state, rows: 0, jobs: [made, ...state.jobs.slice(1)] }
}

function daysFor({ from, to }: WindowJob, bytes: number | undefined): number {
  const days = (Date.parse(to) - Date.parse(from) + 1000) / dayMs
  if (bytes === undefined || bytes === 0) return longestDays
  return Math.min(longestDays, Math.max(shortestDays, (wantedBytes / bytes) * days))
}

/** The total is guessed from how much of the time is read. */
function progressOf({ start, end, next, jobs, done }: WindowState): { readonly done: number; readonly total?: number } {
  const readTo = Date.parse(jobs[0]?.from ?? next)
  const [whole, read] = [Date.parse(end) - Date.parse(start), readTo - Date.parse(start)]
  return read <= 0 || done === 0 ? { done } : { done, total: Math.max(done, Math.round((done * whole) / read)) }
}
