// Bulk extract: a job is made, queued and waited for; its file is fetched to disk, resumed where it broke off, and read only when
// its length and checksum are right. At most two jobs of ours run, for Marketo runs no more.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CsvPart, type JsonObject, connectorError, isConnectorError, readCsvRows } from '@cdpkit/core/sdk'
import { type Answer, type MarketoClient, type Refusal, toError } from './client.js'
import { asObject, asText } from './wire.js'

export type ExportKind = 'leads' | 'activities' | 'program/members'

export type JobState =
  | { readonly is: 'running' }
  /** Made, but never queued. */
  | { readonly is: 'created' }
  | { readonly is: 'ready'; readonly bytes: number | undefined; readonly checksum: string | undefined; readonly rows: number }
  | { readonly is: 'ended'; readonly reason: string }
  /** Marketo does not know it any more. */
  | { readonly is: 'lost' }

const queueFull = 'Too many jobs'
const alreadyQueued = 'already'
const quotaSpent = 'quota'
const longestQueueMs = 2 * 3_600_000
const downloads = 4

export class BulkExports {
  constructor(private readonly client: MarketoClient, private readonly pollMs: number) {}

  /** The job's id; a refusal is the caller's to understand (1035: this filter is not to be had). */
  async create(kind: ExportKind, request: JsonObject): Promise<{ readonly id: string } | Refusal> {
    const answer = await this.client.ask({ method: 'POST', path: `/bulk/v1/${kind}/export/create.json`, json: { format: 'CSV', ...request } })
    if (!answer.ok) return answer
    return { id: asText(asObject(answer.result[0])['exportId']) }
  }

  /** Marketo has one code for a full queue, a day's quota and a job that is queued already: its text tells which. */
  async enqueue(kind: ExportKind, id: string): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += this.pollMs) {
      const answer = await this.client.ask({ method: 'POST', path: `/bulk/v1/${kind}/export/${id}/enqueue.json` })
      if (answer.ok || (answer.code === '1029' && answer.message.includes(alreadyQueued)) || answer.code === '1037') return
      if (answer.code !== '1029') throw toError(answer)
      if (answer.message.includes(quotaSpent)) throw this.client.untilTomorrow('the 500 MB of bulk extract of the day are used up', '607')
      if (!answer.message.includes(queueFull) || waitedMs >= longestQueueMs) throw connectorError('limited', { reason: `Marketo does not queue a bulk extract: ${answer.message}`, hint: 'Other integrations have jobs in the queue; it is tried again with the next run.' })
      await this.client.context.pause(this.pollMs)
    }
  }

  async state(kind: ExportKind, id: string): Promise<JobState> {
    const answer = await this.client.ask({ path: `/bulk/v1/${kind}/export/${id}/status.json` })
    return toState(answer)
  }

  /** Waits until the job has ended, however it ends. */
  async waitFor(kind: ExportKind, id: string): Promise<Exclude<JobState, { readonly is: 'running' | 'created' }>> {
    for (;;) {
      const state = await this.state(kind, id)
      if (state.is === 'created') await this.enqueue(kind, id)
      else if (state.is !== 'running') return state
      await this.client.context.pause(this.pollMs)
    }
  }

  /** The rows of the file; undefined when Marketo does not have it any more. */
  async *rows(kind: ExportKind, id: string, { bytes, checksum }: { readonly bytes: number | undefined; readonly checksum: string | undefined }): AsyncIterable<CsvPart | 'lost'> {
    const folder = await mkdtemp(join(tmpdir(), 'cdp-marketo-'))
    try {
      const file = join(folder, 'export.csv')
      if (!(await this.fetch(`/bulk/v1/${kind}/export/${id}/file.json`, file, { bytes, checksum }))) yield 'lost'
      // Texts of people hold every kind of line end; only \n outside of quotes ends a row.
      else yield* readCsvRows(createReadStream(file) as AsyncIterable<Buffer>, { rowEnd: '\n' })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  private async fetch(path: string, file: string, { bytes, checksum }: { readonly bytes: number | undefined; readonly checksum: string | undefined }): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const download = new Download(file)
      const found = await this.download(path, download)
      if (!found) {
        // A completed job can be without its file for a while.
        if (attempt >= downloads) return false
      } else if ((bytes === undefined || download.bytes === bytes) && (checksum === undefined || download.checksum === checksum.replace(/^sha256:/, ''))) {
        return true
      } else if (attempt >= downloads) {
        throw connectorError('unavailable', { reason: `a bulk extract of ${String(bytes)} bytes arrived damaged ${String(downloads)} times`, hint: 'The next run fetches it again. If it stays, give Adobe the export id.' })
      }
      await this.client.context.pause(this.pollMs)
    }
  }

  private async download(path: string, download: Download): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const { status, headers, body } = await this.client.stream(path, download.bytes === 0 ? {} : { range: `bytes=${String(download.bytes)}-` })
      if (status !== 200 && status !== 206) {
        await body[Symbol.asyncIterator]().return?.()
        if (status === 404) return false
        throw connectorError('unavailable', { reason: `a bulk extract is not given: HTTP ${String(status)}`, hint: 'It is tried again with the next run.' })
      }
      // Failures of the API come as JSON with HTTP 200 here, too.
      if (headers['content-type']?.includes('json') === true) return false
      if (status === 200) download.restart()
      try {
        await download.take(body)
        return true
      } catch (error) {
        if (attempt >= downloads || !(isConnectorError(error, 'http/no-answer') || isConnectorError(error, 'http/timeout'))) throw error
        await this.client.context.pause(1000 * 2 ** attempt)
      }
    }
  }
}

/** A file that grows from where it broke off, and its checksum. */
class Download {
  bytes = 0
  #hash = createHash('sha256')

  constructor(private readonly file: string) {}

  get checksum(): string {
    return this.#hash.copy().digest('hex')
  }

  restart(): void {
    this.bytes = 0
    this.#hash = createHash('sha256')
  }

  async take(body: AsyncIterable<Uint8Array>): Promise<void> {
    const out = createWriteStream(this.file, { flags: this.bytes === 0 ? 'w' : 'a' })
    try {
      for await (const piece of body) {
        this.bytes += piece.length
        this.#hash.update(piece)
        if (!out.write(piece)) await new Promise<void>((resolve) => { out.once('drain', () => { resolve() }) })
      }
    } finally {
      await new Promise<void>((resolve) => { out.end(() => { resolve() }) })
    }
  }
}

function toState(answer: Answer): JobState {
  if (!answer.ok) return { is: 'lost' }
  const job = asObject(answer.result[0])
  const [bytes, checksum] = [job['fileSize'], job['fileChecksum']]
  switch (asText(job['status'])) {
    case 'Created':
      return { is: 'created' }
    case 'Completed':
      return { is: 'ready', bytes: typeof bytes === 'number' ? bytes : undefined, checksum: typeof checksum === 'string' ? checksum : undefined, rows: Number(job['numberOfRecords'] ?? 0) }
    case 'Failed':
      return { is: 'ended', reason: asText(job['errorMsg']) || 'Marketo does not say why' }
    case 'Canceled':
    case 'Cancelled':
      return { is: 'ended', reason: 'somebody cancelled it' }
    default:
      return { is: 'running' }
  }
}
