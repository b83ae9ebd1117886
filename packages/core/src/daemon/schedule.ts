// What a daemon does by the clock: reads sources, evaluates segments, lets people out of windows that have closed, and once a day
// looks at everything. When each job last started is kept in the store, so that what was missed while nobody served is done once.
import type { Segment } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import { parseOnce } from '../expressions/parse-once.js'
import type { Clock, Instant } from '../kernel/clock.js'
import { isCronDue } from '../kernel/cron.js'
import type { Log } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'
import { scheduleTable } from '../stores/tables.js'
import { Looks } from './looks.js'
import type { RunOptions } from './run.js'

export interface Job {
  /** `Source/crm`, `segments 0 2 * * *`, `sweep`, `daily`: the same for as long as it means the same. */
  readonly name: string
  readonly schedule: string
  readonly options: RunOptions
}

/** Streaming segments that look back in time are looked at so often, and on-change ones, for changes that touched too many at once. */
const sweepSchedule = '*/5 * * * *'
/** Sources without a schedule, merges of accounts, what is kept no longer: after the default segment schedule. */
const dailySchedule = '30 3 * * *'

export function toJobs(applied: Applied): readonly Job[] {
  if (applied.serial === 0) return []
  const sources = Object.values(applied.sources).flatMap(({ spec: { name, schedule } }): readonly Job[] =>
    (schedule === undefined ? [] : [{ name: `Source/${name}`, schedule, options: { only: { kind: 'Source', name }, segments: 'touched' } }]))
  const segments = Object.values(applied.segments).map((each) => each.spec)
  const schedules = [...new Set(segments.filter((each) => each.lane !== 'streaming').map((each) => each.schedule))].sort()
  const batches = schedules.map((schedule): Job => ({
    name: `segments ${schedule}`, schedule, options: { pullsNothing: true, segments: namesOf(segments.filter((each) => each.lane !== 'streaming' && each.schedule === schedule)) },
  }))
  const windows = namesOf(segments.filter((each) => each.lane === 'on-change' || (each.lane === 'streaming' && looksBack(each))))
  const sweep: readonly Job[] = windows.length === 0 ? [] : [{ name: 'sweep', schedule: sweepSchedule, options: { pullsNothing: true, segments: windows } }]
  const reconciles = Object.values(applied.destinations).flatMap(({ spec: { name, reconcile } }): readonly Job[] =>
    (reconcile === undefined ? [] : [{ name: `reconcile ${name}`, schedule: reconcile, options: { pullsNothing: true, segments: [], reconcile: true, only: { kind: 'Destination', name } } }]))
  return [...sources, ...batches, ...sweep, ...reconciles, { name: 'daily', schedule: dailySchedule, options: {} }]
}

function namesOf(segments: readonly Segment[]): readonly string[] {
  return segments.map((each) => each.name).sort()
}

function looksBack({ expression }: Segment): boolean {
  const parsed = parseOnce(expression)
  return parsed.ok && parsed.expression.reads.usesClock
}

export interface SchedulerRequest {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly run: (options: RunOptions) => Promise<unknown>
  /** Between two looks at the clock. */
  readonly lookEveryMs?: number
}

const usualLookMs = 1000

export class Scheduler {
  #jobs: readonly Job[] = []
  #timezone = 'UTC'
  /** When each job was last started, as the store has it. */
  readonly #starts = new Map<string, Instant>()
  readonly #running = new Set<string>()
  readonly #looks: Looks

  constructor(private readonly request: SchedulerRequest) {
    this.#looks = new Looks({ look: () => this.look(), everyMs: request.lookEveryMs ?? usualLookMs, what: 'The schedule', log: request.log })
  }

  /** From now on for this applied state. Jobs that were not known before begin now: they have missed nothing. */
  async use(applied: Applied): Promise<void> {
    this.#jobs = toJobs(applied)
    this.#timezone = applied.timezone
    const rows = await this.request.store.rows<{ job: string; started_at: Instant }>(sqlText`select job, max(started_at) as started_at from schedule group by job`)
    for (const each of rows) this.#starts.set(each.job, each.started_at)
    const now = this.request.clock.now()
    const fresh = this.#jobs.filter((each) => !this.#starts.has(each.name))
    if (fresh.length > 0) await this.note(fresh, now)
  }

  start(): void {
    this.#looks.start()
  }

  /** Starts what is due and does not run already; gives their names. What was missed several times is started once. */
  async look(): Promise<readonly string[]> {
    const now = this.request.clock.now()
    const due = this.#jobs.filter((each) => !this.#running.has(each.name) && isCronDue(each.schedule, { timezone: this.#timezone, afterMs: Date.parse(this.#starts.get(each.name) ?? now), throughMs: Date.parse(now) }))
    if (due.length === 0) return []
    await this.note(due, now)
    for (const each of due) this.begin(each)
    return due.map((each) => each.name)
  }

  stop(): Promise<void> {
    return this.#looks.stop()
  }

  private begin(job: Job): void {
    this.#running.add(job.name)
    this.request.run({ ...job.options, job: job.name })
      .catch((error: unknown) => { this.request.log.write('error', `${job.name}: ${error instanceof Error ? error.message : String(error)}`) })
      .finally(() => { this.#running.delete(job.name) })
  }

  private async note(jobs: readonly Job[], now: Instant): Promise<void> {
    await this.request.store.transaction(async (tx) => {
      await tx.run(sqlText`delete from schedule where job in (select unnest(${param(jobs.map((each) => each.name))}))`)
      await tx.append(scheduleTable, jobs.map((each) => [each.name, now]))
    })
    for (const each of jobs) this.#starts.set(each.name, now)
  }
}
