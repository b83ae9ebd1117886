// Bulk extract: jobs that are made, queued, run two at a time, and give a CSV file for seven days. A state changes at most once a
// minute, as Marketo promises.
import { createHash } from 'node:crypto'
import { type Activity, type MarketoInstance, type Value, guid, iso } from './instance.js'
import { type Quotas, centralDay } from './quotas.js'

export type ExportKind = 'leads' | 'activities' | 'program/members'

export interface ExportFilter {
  readonly createdAt?: { readonly startAt: string; readonly endAt: string }
  readonly updatedAt?: { readonly startAt: string; readonly endAt: string }
  readonly activityTypeIds?: readonly number[]
  readonly programId?: number
  readonly programIds?: readonly number[]
}

export interface ExportJob {
  readonly id: string
  readonly kind: ExportKind
  readonly owner: string
  readonly fields: readonly string[]
  readonly filter: ExportFilter
  readonly createdMs: number
  status: 'Created' | 'Queued' | 'Processing' | 'Completed' | 'Failed' | 'Cancelled'
  changedMs: number
  startedMs?: number
  queuedMs?: number
  bytes?: number
  rows?: number
  checksum?: string
  errorMsg?: string
}

const stepMs = 60_000
const keptMs = 7 * 86_400_000
const filesInMemory = 3

export class Exports {
  readonly jobs = new Map<string, ExportJob>()
  /** Fails the next jobs with this reason, whatever they are. */
  failNext: string[] = []
  #last = 0
  readonly #files = new Map<string, Buffer>()

  constructor(private readonly instance: MarketoInstance, private readonly quotas: Quotas, private readonly visible: (each: Activity, nowMs: number) => boolean) {}

  create(kind: ExportKind, { owner, fields, filter }: Pick<ExportJob, 'owner' | 'fields' | 'filter'>, nowMs: number): ExportJob {
    const job: ExportJob = { id: guid('export', ++this.#last), kind, owner, fields, filter, createdMs: nowMs, changedMs: nowMs, status: 'Created' }
    this.jobs.set(job.id, job)
    return job
  }

  /** Brings every job to where it is now. */
  settle(nowMs: number): void {
    for (;;) {
      const running = [...this.jobs.values()].filter((each) => each.status === 'Processing')
      const waiting = [...this.jobs.values()].filter((each) => each.status === 'Queued')
      const done = running.filter((each) => each.changedMs + stepMs <= nowMs).sort((a, b) => a.changedMs - b.changedMs)[0]
      const next = running.length < 2 ? waiting.filter((each) => each.changedMs + stepMs <= nowMs).sort((a, b) => a.changedMs - b.changedMs)[0] : undefined
      if (done) this.complete(done, done.changedMs + stepMs)
      else if (next) { next.status = 'Processing'; next.startedMs = next.changedMs + stepMs; next.changedMs = next.startedMs }
      else return
    }
  }

  get inQueue(): number {
    return [...this.jobs.values()].filter((each) => each.status === 'Queued' || each.status === 'Processing').length
  }

  file(job: ExportJob, nowMs: number): Buffer | undefined {
    if (job.status !== 'Completed' || nowMs > job.changedMs + keptMs) return undefined
    return this.#files.get(job.id) ?? this.remember(job, this.contentOf(job).file)
  }

  show(job: ExportJob): Record<string, unknown> {
    return {
      exportId: job.id, format: 'CSV', status: job.status, createdAt: iso(job.createdMs),
      ...(job.queuedMs === undefined ? {} : { queuedAt: iso(job.queuedMs) }), ...(job.startedMs === undefined ? {} : { startedAt: iso(job.startedMs) }),
      ...(job.status === 'Completed' ? { finishedAt: iso(job.changedMs), numberOfRecords: job.rows, fileSize: job.bytes, fileChecksum: `sha256:${job.checksum ?? ''}` } : {}),
      ...(job.errorMsg === undefined ? {} : { errorMsg: job.errorMsg }),
    }
  }

  isOfToday(job: ExportJob, nowMs: number): boolean {
    return job.status === 'Completed' && centralDay(job.changedMs) === centralDay(nowMs)
  }

  private complete(job: ExportJob, atMs: number): void {
    job.changedMs = atMs
    const failure = this.failNext.shift()
    if (failure !== undefined) {
      job.status = 'Failed'
      job.errorMsg = failure
      return
    }
    const { file, rows } = this.contentOf(job)
    job.status = 'Completed'
    job.rows = rows
    job.bytes = file.length
    job.checksum = createHash('sha256').update(file).digest('hex')
    this.quotas.addBulk(atMs, file.length)
    this.remember(job, file)
  }

  private remember(job: ExportJob, file: Buffer): Buffer {
    this.#files.set(job.id, file)
    for (const id of [...this.#files.keys()].slice(0, -filesInMemory)) this.#files.delete(id)
    return file
  }

  private contentOf(job: ExportJob): { readonly file: Buffer; readonly rows: number } {
    const lines = job.kind === 'leads' ? this.leadLines(job) : job.kind === 'activities' ? this.activityLines(job) : this.memberLines(job)
    return { file: Buffer.from(`${[job.fields.join(','), ...lines].join('\n')}\n`), rows: lines.length }
  }

  private leadLines({ fields, filter, changedMs }: ExportJob): readonly string[] {
    const range = filter.createdAt ?? filter.updatedAt
    const [from, to] = [Date.parse(range?.startAt ?? ''), Date.parse(range?.endAt ?? '')]
    const of = filter.createdAt ? 'createdMs' : 'updatedMs'
    const lines: string[] = []
    for (const lead of this.instance.history.leads(from, to)) lines.push(fields.map((each) => cell(this.instance.show(lead, each))).join(','))
    for (const lead of this.instance.leads.values()) {
      if (lead[of] < from || lead[of] > to || lead.createdMs > changedMs) continue
      lines.push(fields.map((each) => cell(this.instance.show(lead, each))).join(','))
    }
    return lines
  }

  private activityLines({ fields, filter, changedMs }: ExportJob): readonly string[] {
    const [from, to] = [Date.parse(filter.createdAt?.startAt ?? ''), Date.parse(filter.createdAt?.endAt ?? '')]
    const types = filter.activityTypeIds ? new Set(filter.activityTypeIds) : undefined
    const lines: string[] = []
    for (const each of this.instance.history.activities(from, to)) {
      if ((!types || types.has(each.typeId)) && this.visible(each, changedMs)) lines.push(fields.map((field) => cell(activityCell(each, field))).join(','))
    }
    for (let at = firstFrom(this.instance.activities, from); at < this.instance.activities.length; at++) {
      const each = this.instance.activities[at]
      if (!each || each.atMs > to) break
      if (each.typeId === 37 || (types && !types.has(each.typeId)) || !this.visible(each, changedMs)) continue
      lines.push(fields.map((field) => cell(activityCell(each, field))).join(','))
    }
    return lines
  }

  private memberLines({ fields, filter }: ExportJob): readonly string[] {
    const wanted = filter.programIds ?? (filter.programId === undefined ? [] : [filter.programId])
    const [from, to] = filter.updatedAt ? [Date.parse(filter.updatedAt.startAt), Date.parse(filter.updatedAt.endAt)] : [0, Number.POSITIVE_INFINITY]
    return wanted.flatMap((programId) => [...(this.instance.programs.get(programId)?.members ?? [])].filter(([, each]) => each.updatedMs >= from && each.updatedMs <= to).map(([leadId, each]) => {
      const row: Readonly<Record<string, string | number | boolean>> = { leadId, programId, program: this.instance.programs.get(programId)?.name ?? '', statusName: each.status, reachedSuccess: each.reachedSuccess, membershipDate: iso(each.sinceMs), updatedAt: iso(each.updatedMs), acquiredBy: false }
      return fields.map((field) => cell(row[field] ?? null)).join(',')
    }))
  }
}

function activityCell(each: Activity, field: string): string | number | null {
  switch (field) {
    case 'marketoGUID': return String(each.id)
    case 'leadId': return each.leadId
    case 'activityDate': return iso(each.atMs)
    case 'activityTypeId': return each.typeId
    case 'campaignId': return each.campaignId ?? null
    case 'primaryAttributeValueId': return each.primaryId ?? null
    case 'primaryAttributeValue': return each.primary ?? null
    case 'attributes': return JSON.stringify(each.attributes)
    default: return null
  }
}

/** The first activity at or after a time. */
export function firstFrom(activities: readonly Activity[], atMs: number): number {
  let [low, high] = [0, activities.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((activities[middle]?.atMs ?? 0) < atMs) low = middle + 1
    else high = middle
  }
  return low
}

function cell(value: Value | readonly string[]): string {
  if (value === null) return 'null'
  const text = typeof value === 'object' ? value.join(',') : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
