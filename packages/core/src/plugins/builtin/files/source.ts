// The built-in `files` source: CSV, JSON lines and Parquet from the project folder. Files that did not change since the last
// time are not read again; where a stream has a cursor field, rows at or below its last value are passed over.
import { fail, isCdpError } from '../../../kernel/error.js'
import { type Json, type JsonObject, isJsonObject } from '../../../kernel/json.js'
import { type Change, type ConnectorContext, type OpenSource, type ReadPart, type ReadRequest, type SourceConnector } from '../../sdk.js'
import { type FoundFile, findFiles } from './find-files.js'
import { readCsv } from './read-csv.js'
import { readJsonLines } from './read-json-lines.js'

export type ReadParquet = (path: string) => AsyncIterable<readonly JsonObject[]>

interface StreamConfig {
  readonly path: string | readonly string[]
  readonly format?: 'csv' | 'jsonl' | 'parquet'
  readonly delimiter?: string
  readonly nullTexts?: readonly string[]
  readonly optional?: boolean
}

const streamConfigSchema = {
  type: 'object',
  required: ['path'],
  additionalProperties: false,
  properties: {
    path: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 }], description: 'File or glob, relative to the project; or several.' },
    format: { enum: ['csv', 'jsonl', 'parquet'], description: 'Told by the ending (.csv, .tsv, .jsonl, .ndjson, .parquet) unless given.' },
    delimiter: { type: 'string', minLength: 1, maxLength: 1, description: 'Between the fields of a CSV line; found in the header unless given.' },
    nullTexts: { type: 'array', items: { type: 'string' }, description: 'Texts of a CSV that mean nothing is there: NULL, n/a.' },
    optional: { type: 'boolean', description: 'No file is no error.' },
  },
} as const

export function filesSourceConnector(readParquet: ReadParquet): SourceConnector {
  return {
    capabilities: { incremental: true, deletes: 'soft', limits: [] },
    defaultType: 'Files',
    configSchema: { type: 'object', additionalProperties: false, properties: {} },
    streamConfigSchema: streamConfigSchema,
    open: (context) => new FilesSource(context, readParquet),
  }
}

/** What was read, as the checkpoint has it. */
interface Checkpoint {
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly changedMs: number }>>
  readonly cursor?: string | number
}

const recordsAtOnce = 5000

class FilesSource implements OpenSource {
  constructor(private readonly context: ConnectorContext, private readonly readParquet: ReadParquet) {}

  check(): Promise<{ readonly ok: true }> {
    return Promise.resolve({ ok: true })
  }

  discover(): Promise<readonly []> {
    return Promise.resolve([])
  }

  async *read(request: ReadRequest): AsyncIterable<ReadPart> {
    const config = request.config as unknown as StreamConfig
    const paths = typeof config.path === 'string' ? [config.path] : config.path
    const files = await findFiles(this.context.folder, paths)
    if (files.length === 0 && config.optional !== true) throw fail('source/no-files', { path: paths.join(', '), folder: this.context.folder })
    let checkpoint = toCheckpoint(request.checkpoint)
    const changed = files.filter((each) => !isKnown(each, checkpoint))
    const total = changed.reduce((sum, each) => sum + each.bytes, 0)
    let done = 0
    // Rows are compared with the cursor as it was before this read: files may hold them in any order.
    const cursor = new Cursor(request.cursor, checkpoint.cursor)
    for (const file of changed) {
      yield* this.readFile(file, config, cursor)
      done += file.bytes
      checkpoint = { files: { ...checkpoint.files, [file.name]: { bytes: file.bytes, changedMs: file.changedMs } }, ...cursor.value }
      yield { checkpoint: checkpoint as unknown as Json }
      yield { progress: { done, total } }
    }
  }

  private async *readFile(file: FoundFile, config: StreamConfig, cursor: Cursor): AsyncIterable<ReadPart> {
    try {
      let records: Change[] = []
      for await (const change of this.changesOf(file, config)) {
        if (change.op === 'upsert' && !cursor.takes(change.record)) continue
        records.push(change.op === 'unreadable' ? { ...change, where: `${file.name}, ${change.where}` } : change)
        if (records.length < recordsAtOnce) continue
        yield { records }
        records = []
      }
      if (records.length > 0) yield { records }
    } catch (cause) {
      if (isCdpError(cause)) throw cause
      throw fail('source/unreadable-file', { file: file.name, reason: firstLine(cause) }, { cause })
    }
  }

  private changesOf(file: FoundFile, config: StreamConfig): AsyncIterable<Change> {
    switch (config.format ?? formatOf(file.name)) {
      case 'csv':
        return readCsv(file.path, config)
      case 'jsonl':
        return readJsonLines(file.path)
      case 'parquet':
        return changesOfRows(this.readParquet(file.path))
    }
  }
}

async function* changesOfRows(parts: AsyncIterable<readonly JsonObject[]>): AsyncIterable<Change> {
  for await (const rows of parts) for (const record of rows) yield { op: 'upsert', record }
}

function formatOf(file: string): 'csv' | 'jsonl' | 'parquet' {
  if (/\.(jsonl|ndjson)$/i.test(file)) return 'jsonl'
  return /\.parquet$/i.test(file) ? 'parquet' : 'csv'
}

function isKnown(file: FoundFile, { files }: Checkpoint): boolean {
  const known = files[file.name]
  return known?.bytes === file.bytes && known.changedMs === file.changedMs
}

function toCheckpoint(value: Json | undefined): Checkpoint {
  if (value === undefined || !isJsonObject(value) || !isJsonObject(value['files'] ?? null)) return { files: {} }
  return value as unknown as Checkpoint
}

/** Passes over rows at or below the last value; numbers are compared as numbers, everything else as text. */
class Cursor {
  #newest: string | number | undefined

  constructor(private readonly field: string | undefined, private readonly last: string | number | undefined) {
    this.#newest = last
  }

  get value(): { readonly cursor?: string | number } {
    return this.#newest === undefined ? {} : { cursor: this.#newest }
  }

  takes(record: JsonObject): boolean {
    if (this.field === undefined) return true
    const value = record[this.field]
    if (typeof value !== 'string' && typeof value !== 'number') return true
    if (this.#newest === undefined || compare(value, this.#newest) > 0) this.#newest = value
    return this.last === undefined || compare(value, this.last) > 0
  }
}

function compare(a: string | number, b: string | number): number {
  const [left, right] = [Number(a), Number(b)]
  if (a !== '' && b !== '' && !Number.isNaN(left) && !Number.isNaN(right)) return left - right
  return String(a) < String(b) ? -1 : Number(String(a) > String(b))
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0] ?? ''
}

