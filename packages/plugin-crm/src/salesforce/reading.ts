// One read of one stream, from its checkpoint to now. Whatever is asked and answered, a checkpoint follows the records that it
// covers, so that a kill at any moment loses nothing: what comes twice is the same record and changes nothing.
import { type Change, type ConnectorContext, type Json, type JsonObject, type ReadPart, type ReadRequest, connectorError } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import { type JobState, createJob, deleteJob, readResults, waitForJob } from './bulk.js'
import { type Checkpoint, type Span, type Work, readCheckpoint, toJson } from './checkpoint.js'
import { chooseFields } from './choose-fields.js'
import { type ObjectDescription, describeObject, toTyped } from './describe.js'
import { streams } from './mappings.js'
import { toChange } from './rows.js'
import { type Answer, type Session, toError } from './session.js'
import { type Place, inWindow, idLiteral, timeLiteral, toSoql } from './soql.js'

/** Addresses end at about 16 KB; longer statements go as jobs, whose text is in the body. */
const longestQuery = 10_000
/** Salesforce keeps the log of deleted records for 15 days. */
const deletedLogMs = 15 * 86_400_000
const minuteMs = 60_000

export class Reading {
  readonly #object: string
  #description: ObjectDescription | undefined
  #fields: readonly string[] = []
  #checkpoint: Checkpoint | undefined
  #warned = false
  /** Since this read began, all that is there has been read. */
  #isComplete = false

  constructor(private readonly context: ConnectorContext, private readonly session: Session, private readonly request: ReadRequest) {
    this.#object = asText(request.config['object']) || request.stream
  }

  async *read(): AsyncIterable<ReadPart> {
    await this.describe()
    const known = readCheckpoint(this.request.checkpoint)
    // A field that was never read is missing in everything that was.
    const isComplete = known !== undefined && this.#fields.every((each) => known.fields.includes(each))
    this.#checkpoint = isComplete ? { ...known, fields: this.#fields } : { fields: this.#fields }
    yield* this.unfinished()
    if (this.#checkpoint.upToMs === undefined) yield* this.everything(this.session.serverMs)
    yield* this.changes()
  }

  private get checkpoint(): Checkpoint {
    return this.#checkpoint ?? { fields: this.#fields }
  }

  private async describe(): Promise<void> {
    this.#description = await describeObject(this.session, this.#object)
    const { config, fields, stream } = this.request
    const pack = new Set(Object.values(streams.find((each) => each.name === stream)?.map ?? {}).flatMap((each) => each.match(/\w+/g) ?? []))
    const added = Array.isArray(config['fields']) ? (config['fields'] as readonly Json[]).map((each) => asText(each)) : []
    const choice = chooseFields(this.#description, { mapped: fields, added, readsFormulas: config['formulaFields'] === 'read', isOurs: (field) => pack.has(field) })
    this.#fields = choice.fields
    if (!this.#warned) for (const each of choice.warnings) this.context.log.write('warn', each, { stream })
    this.#warned = true
  }

  private get description(): ObjectDescription {
    if (!this.#description) throw new Error('the object is described before it is read')
    return this.#description
  }

  // --- what a run that was stopped left behind

  private async *unfinished(): AsyncIterable<ReadPart> {
    const { work } = this.checkpoint
    if (!work) return
    if (work.by === 'query') yield* this.pages(work.span, work.after ? { after: work.after } : {})
    else yield* this.results(work)
  }

  // --- the first read

  private async *everything(startedMs: number): AsyncIterable<ReadPart> {
    const span: Span = { is: 'everything', startedMs }
    const { value } = await this.session.get({ path: queryPath(`SELECT COUNT() FROM ${this.#object}${this.where(span)}`) })
    const total = Number(asObject(value)['totalSize'] ?? 0)
    yield { progress: { done: 0, total } }
    // What vanished without a trace is found only by a read that brings all that is there.
    this.#isComplete = this.request.since === undefined
    if (this.#isComplete) yield { everything: 'begins' }
    if (total > this.session.options.bulkAbove) yield* this.job(span)
    else yield* this.pages(span)
  }

  private where(span: Span): string {
    const { where } = this.selection(span)
    return where === undefined ? '' : ` WHERE ${where}`
  }

  // --- later reads

  private async *changes(): AsyncIterable<ReadPart> {
    const { upToMs } = this.checkpoint
    if (upToMs === undefined) return
    // The server's clock: ours may be wrong, and its stamps are its own. They have whole seconds.
    const toMs = wholeSeconds(this.session.serverMs - this.session.options.lagMs)
    if (toMs <= upToMs) return
    yield* this.deleted(upToMs, toMs)
    yield* this.pages({ is: 'window', fromMs: upToMs - this.session.options.overlapMs, toMs })
  }

  /** What left the recycle bin, too, is known for 15 days. It comes before the rows: a row that was merged says more. */
  private async *deleted(upToMs: number, toMs: number): AsyncIterable<ReadPart> {
    if (!this.description.hasDeletedLog) return
    const wantedMs = this.checkpoint.deletedUpToMs ?? upToMs - this.session.options.overlapMs
    const earliestMs = this.session.serverMs - deletedLogMs + minuteMs
    const fromMs = Math.max(wantedMs, earliestMs)
    // Salesforce wants more than a minute.
    if (toMs - fromMs <= minuteMs) return
    if (wantedMs < earliestMs) this.context.log.write('warn', `${this.#object} was last asked for deleted records more than 15 days ago, and Salesforce remembers no longer: what left the recycle bin before that stays until a run with --full-refresh`, { stream: this.request.stream })
    const answer = await this.session.ask({ path: `/sobjects/${this.#object}/deleted/?start=${encodeURIComponent(timeLiteral(fromMs))}&end=${encodeURIComponent(timeLiteral(toMs))}` })
    if (!answer.ok) {
      // Some objects have no such log, and a purged one says so; rows in the recycle bin still come.
      this.context.log.write('warn', `${this.#object}: no list of deleted records (${answer.code}: ${answer.message})`, { stream: this.request.stream })
      return
    }
    const body = asObject(answer.value)
    const gone = asList(body['deletedRecords']).map((each): Change => ({ op: 'delete', key: asText(each['id']) }))
    if (gone.length > 0) yield { records: gone }
    const covered = Date.parse(asText(body['latestDateCovered']))
    this.#checkpoint = { ...this.checkpoint, deletedUpToMs: Number.isNaN(covered) ? toMs : Math.min(covered, toMs) }
  }

  // --- pages of a query

  /** A window that is too much for one query is cut; what is too much for queries becomes a job, where there are jobs for it. */
  private async *pages(span: Span, { after: start, jobs = true }: { readonly after?: Place; readonly jobs?: boolean } = {}): AsyncIterable<ReadPart> {
    let after = start
    for (let part: Span | undefined = span; part; ) {
      const first: Answer = await this.ask(part, after)
      const half: Span | undefined = isTooSlow(first) ? halved(part, after) : undefined
      if (half) {
        part = half
        continue
      }
      if (jobs && (isTooMuch(first) || (after === undefined && part.is === 'window' && this.isMany(first)))) {
        yield* this.job(part)
      } else {
        const end: 'done' | Place = yield* this.follow(first, part, after)
        if (end !== 'done') {
          after = end
          continue
        }
        yield* this.finish(part)
      }
      part = restOf(span, part)
      after = undefined
    }
  }

  private isMany(answer: Answer): boolean {
    return answer.ok && Number(asObject(answer.value)['totalSize'] ?? 0) > this.session.options.bulkAbove
  }

  /** The first page of a statement. A field that went between describe and query is described anew, once. */
  private async ask(span: Span, after: Place | undefined): Promise<Answer> {
    const send = async (): Promise<Answer> => {
      const soql = this.soql(span, after)
      return soql.length > longestQuery ? { ok: false, status: 414, code: 'URI_TOO_LONG', message: 'the statement is too long for a query' } : this.session.ask({ path: queryPath(soql) })
    }
    const answer = await send()
    if (answer.ok || answer.code !== 'INVALID_FIELD') return answer
    await this.describe()
    return send()
  }

  /** Gives `done`, or the place to ask again from when the locator has expired. */
  private async *follow(first: Answer, span: Span, start: Place | undefined): AsyncGenerator<ReadPart, 'done' | Place> {
    let answer = first
    let after = start
    for (;;) {
      if (!answer.ok) {
        if (answer.code === 'INVALID_QUERY_LOCATOR' && after !== start && after) return after
        throw toError(answer)
      }
      const { records, nextRecordsUrl } = asObject(answer.value)
      const rows = asList(records)
      const last = rows.at(-1)
      if (last) {
        yield { records: rows.map((row) => toChange(inOrder(row, this.#fields))) }
        after = { atMs: Date.parse(asText(last[this.description.cursor])), id: asText(last['Id']) }
        yield this.mark({ by: 'query', span, after })
      }
      if (typeof nextRecordsUrl !== 'string') return 'done'
      answer = await this.session.ask({ path: nextRecordsUrl })
    }
  }

  private soql(span: Span, after?: Place): string {
    return toSoql({ object: this.#object, fields: this.#fields, ...this.selection(span, after) })
  }

  private selection(span: Span, after?: Place): { readonly where?: string; readonly orderBy: string } {
    const { cursor } = this.description
    if (span.is === 'window') return inWindow(cursor, { ...span, ...(after ? { after } : {}) })
    const { since } = this.request
    const conditions = [...(since === undefined ? [] : [`${cursor} >= ${timeLiteral(Date.parse(since))}`]), ...(after ? [`Id > ${idLiteral(after.id)}`] : [])]
    return { ...(conditions.length === 0 ? {} : { where: conditions.join(' AND ') }), orderBy: 'Id ASC' }
  }

  // --- jobs

  private async *job(span: Span): AsyncIterable<ReadPart> {
    const create = async (): Promise<Answer> => {
      const { where } = this.selection(span)
      // No ORDER BY: it would keep Salesforce from working on parts at the same time.
      return createJob(this.session, toSoql({ object: this.#object, fields: this.#fields, ...(where === undefined ? {} : { where }) }))
    }
    let answer = await create()
    if (!answer.ok && answer.code === 'INVALID_FIELD') {
      await this.describe()
      answer = await create()
    }
    if (!answer.ok && isNotForBulk(answer)) { yield* this.pages(span, { jobs: false }); return }
    if (!answer.ok) throw toError(answer)
    const work: Work = { by: 'job', span, jobId: asText(asObject(answer.value)['id']) }
    yield this.mark(work)
    yield* this.results(work)
  }

  private async *results(work: Extract<Work, { readonly by: 'job' }>): AsyncIterable<ReadPart> {
    const state = await waitForJob(this.session, this.context, work.jobId)
    if (state.is !== 'complete') { yield* this.withoutJob(work, state); return }
    let done = 0
    for (let locator = work.locator, isLast = false; !isLast; ) {
      for await (const part of readResults(this.session, this.context, { jobId: work.jobId, ...(locator === undefined ? {} : { locator }) })) {
        if ('records' in part) {
          yield { records: part.records.map((row) => toChange(this.typed(row))) }
          done += part.records.length
          yield { progress: { done, total: state.rows } }
        } else {
          isLast = part.next === undefined
          locator = part.next
        }
      }
      if (locator !== undefined) yield this.mark({ ...work, locator })
    }
    yield* this.finish(work.span)
    await deleteJob(this.session, work.jobId)
  }

  /** A job that was lost is made again; one that was too much is cut; one that failed otherwise ends the read, and the next read makes another. */
  private async *withoutJob({ span }: Work, state: Exclude<JobState, { readonly is: 'complete' }>): AsyncIterable<ReadPart> {
    yield this.mark(undefined)
    if (state.is === 'lost') { yield* this.job(span); return }
    const whole = isTooMuchForJob(state.reason) ? await this.toWindow(span) : undefined
    const half = whole && halved(whole, undefined)
    if (!half) throw connectorError('unavailable', { reason: `the job that reads ${this.#object} ended without results: ${state.reason}`, hint: 'The next run starts another one. If it keeps failing, read fewer fields, or look at the job in Setup > Bulk Data Load Jobs.' })
    this.context.log.write('info', `the job that reads ${this.#object} was too much for Salesforce (${state.reason}): it is made again for one half of its time and then for the other`, { stream: this.request.stream })
    yield* this.job(half)
    const rest = restOf(whole, half)
    if (rest) yield* this.job(rest)
    if (span.is === 'window') return
    // What changed meanwhile may have left its half before that was read: without it, it would count as gone.
    const meanwhile = { fromMs: wholeSeconds(span.startedMs) + 1000, toMs: wholeSeconds(this.session.serverMs) }
    if (meanwhile.fromMs <= meanwhile.toMs) yield* this.pages({ is: 'window', ...meanwhile })
    yield* this.finish(span)
  }

  /** Everything up to its beginning as a window of time, which can be cut. */
  private async toWindow(span: Span): Promise<Span | undefined> {
    if (span.is === 'window') return span
    const { since } = this.request
    const fromMs = since === undefined ? await this.oldestMs() : Date.parse(since)
    return Number.isNaN(fromMs) ? undefined : { is: 'window', fromMs, toMs: wholeSeconds(span.startedMs) }
  }

  private async oldestMs(): Promise<number> {
    const { cursor } = this.description
    const { value } = await this.session.get({ path: queryPath(`SELECT ${cursor} FROM ${this.#object} ORDER BY ${cursor} ASC LIMIT 1`) })
    return Date.parse(asText(asObject(asList(asObject(value)['records'])[0])[cursor]))
  }

  private typed(row: Readonly<Record<string, string>>): JsonObject {
    return Object.fromEntries(this.#fields.flatMap((field) => (row[field] === undefined ? [] : [[field, toTyped(row[field], this.description.fields.get(field)?.type ?? 'string')] as const])))
  }

  // --- checkpoints

  private mark(work: Work | undefined): ReadPart {
    const { work: _before, ...rest } = this.checkpoint
    this.#checkpoint = { ...rest, ...(work ? { work } : {}) }
    return { checkpoint: toJson(this.#checkpoint) }
  }

  private *finish(span: Span): Iterable<ReadPart> {
    if (span.is === 'everything' && this.#isComplete) yield { everything: 'ends' }
    this.#checkpoint = { ...this.checkpoint, upToMs: span.is === 'everything' ? wholeSeconds(span.startedMs) : span.toMs }
    yield this.mark(undefined)
  }
}

function queryPath(soql: string): string {
  return `/queryAll?q=${encodeURIComponent(soql)}`
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

function isTooSlow(answer: Answer): boolean {
  return !answer.ok && (answer.code === 'QUERY_TIMEOUT' || answer.code === 'OPERATION_TOO_LARGE')
}

function isTooMuch(answer: Answer): boolean {
  return !answer.ok && (isTooSlow(answer) || answer.status === 414 || answer.status === 431)
}

/** Salesforce tries a job 15 times before it gives up. */
function isTooMuchForJob(reason: string): boolean {
  return /time-?out|timed out|too[ _]large|retried more than/i.test(reason)
}

function isNotForBulk({ code, message }: { readonly code: string; readonly message: string }): boolean {
  return code === 'INVALIDENTITY' || /not supported by the Bulk API|not supported in Bulk/i.test(message)
}

/** The first half of a window; undefined where it is too small to be cut. */
function halved(span: Span, after: Place | undefined): Span | undefined {
  if (span.is === 'everything') return undefined
  const fromMs = after?.atMs ?? span.fromMs
  return span.toMs - fromMs < 2 * minuteMs ? undefined : { is: 'window', fromMs: span.fromMs, toMs: wholeSeconds(fromMs + (span.toMs - fromMs) / 2) }
}

/** What is left of a span after a part of it. */
function restOf(span: Span, part: Span): Span | undefined {
  return span.is === 'window' && part.is === 'window' && part.toMs < span.toMs ? { is: 'window', fromMs: part.toMs, toMs: span.toMs } : undefined
}

/** A row with its fields in the order that we asked for, whatever the order of the answer. */
function inOrder(row: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]] as const])))
}
