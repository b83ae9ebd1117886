// CSV → records of text. The only importer of csv-parse. Broken lines come as such, with their number; the others go on.
import { createReadStream } from 'node:fs'
import { type CsvError, parse } from 'csv-parse'
import type { Change, JsonObject } from '../../sdk.js'

export interface CsvOptions {
  /** Found in the header line when absent: comma, semicolon, tab or bar. */
  readonly delimiter?: string
  /** Texts that mean nothing is there, besides the empty one. */
  readonly nullTexts?: readonly string[]
}

const candidates = [',', ';', '\t', '|'] as const

export async function* readCsv(path: string, options: CsvOptions): AsyncIterable<Change> {
  const skipped: CsvError[] = []
  const nulls = new Set(['', ...(options.nullTexts ?? [])])
  const parser = parse({
    bom: true,
    columns: (header: readonly string[]) => header.map((each, index) => (each.trim() === '' ? `column${String(index + 1)}` : each.trim())),
    delimiter: options.delimiter ?? (await findDelimiter(path)),
    skip_empty_lines: true,
    skip_records_with_error: true,
    relax_quotes: false,
    info: true,
    on_skip: (error) => { if (error) skipped.push(error); return undefined },
  })
  const stream = createReadStream(path)
  stream.on('error', (error) => parser.destroy(error))
  stream.pipe(parser)
  for await (const row of parser as AsyncIterable<{ readonly record: Readonly<Record<string, string>> }>) {
    yield { op: 'upsert', record: present(row.record, nulls) }
    while (skipped.length > 0) yield toUnreadable(skipped.shift())
  }
  while (skipped.length > 0) yield toUnreadable(skipped.shift())
}

function present(record: Readonly<Record<string, string>>, nulls: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !nulls.has(value)))
}

function toUnreadable(error: CsvError | undefined): Change {
  const line = typeof error?.['lines'] === 'number' ? error['lines'] : 0
  const record: unknown = error?.['record']
  return { op: 'unreadable', where: `line ${String(line)}`, text: record === undefined ? '' : JSON.stringify(record), reason: error?.message ?? 'the line cannot be read' }
}

async function findDelimiter(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { encoding: 'utf8', end: 65_535 })) {
    const header = String(chunk).split('\n', 1)[0] ?? ''
    const counts = candidates.map((each) => header.split(each).length)
    return candidates[counts.indexOf(Math.max(...counts))] ?? ','
  }
  return ','
}
