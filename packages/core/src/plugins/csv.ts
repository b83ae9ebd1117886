// CSV → rows of texts. The only importer of csv-parse. Broken rows come as such, with their line; the others go on.
import { Readable } from 'node:stream'
import { type CsvError, type Options, parse } from 'csv-parse'

export interface CsvOptions {
  /** A comma unless told. */
  readonly delimiter?: string
  /** What ends a row; found in the first line unless told. Texts in quotes may hold it. */
  readonly rowEnd?: string
}

export interface UnreadableRow {
  readonly line: number
  readonly text: string
  readonly reason: string
}

/** Rows in the order of the file, the header first; broken ones after the rows of their part. */
export interface CsvPart<Row = readonly string[]> {
  readonly rows: readonly Row[]
  readonly unreadable: readonly UnreadableRow[]
}

const rowsAtOnce = 1000

export function readCsvRows(bytes: AsyncIterable<Uint8Array>, options: CsvOptions = {}): AsyncIterable<CsvPart> {
  return readParts<readonly string[]>(bytes, toSettings(options))
}

/** Rows as objects, under the names that `toNames` makes of the header. */
export function readCsvRecords(bytes: AsyncIterable<Uint8Array>, toNames: (header: readonly string[]) => string[], options: CsvOptions = {}): AsyncIterable<CsvPart<Readonly<Record<string, string>>>> {
  return readParts<Readonly<Record<string, string>>>(bytes, { ...toSettings(options), columns: toNames })
}

function toSettings({ delimiter, rowEnd }: CsvOptions): Options {
  return { bom: true, delimiter: delimiter ?? ',', ...(rowEnd === undefined ? {} : { record_delimiter: rowEnd }), skip_empty_lines: true, skip_records_with_error: true, relax_quotes: false }
}

async function* readParts<Row>(bytes: AsyncIterable<Uint8Array>, settings: Options): AsyncIterable<CsvPart<Row>> {
  let unreadable: UnreadableRow[] = []
  let rows: Row[] = []
  const parser = parse({ ...settings, on_skip: (error) => { if (error) unreadable.push(toUnreadable(error)); return undefined } })
  const source = Readable.from(bytes, { objectMode: false })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const row of parser as AsyncIterable<Row>) {
      rows.push(row)
      if (rows.length < rowsAtOnce) continue
      yield { rows, unreadable }
      rows = []
      unreadable = []
    }
  } finally {
    source.destroy()
  }
  if (rows.length > 0 || unreadable.length > 0) yield { rows, unreadable }
}

function toUnreadable(error: CsvError): UnreadableRow {
  const { lines: line, record } = error as unknown as { readonly lines?: unknown; readonly record?: unknown }
  return { line: typeof line === 'number' ? line : 0, text: record === undefined ? '' : JSON.stringify(record), reason: error.message }
}
