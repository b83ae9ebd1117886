// CSV files → records of text. Broken lines come as such, with their number; the others go on.
import { createReadStream } from 'node:fs'
import { readCsvRecords } from '../../csv.js'
import type { Change, JsonObject } from '../../sdk.js'

export interface CsvFileOptions {
  /** Found in the header line when absent: comma, semicolon, tab or bar. */
  readonly delimiter?: string
  /** Texts that mean nothing is there, besides the empty one. */
  readonly nullTexts?: readonly string[]
}

const candidates = [',', ';', '\t', '|'] as const

export async function* readCsv(path: string, options: CsvFileOptions): AsyncIterable<Change> {
  const nulls = new Set(['', ...(options.nullTexts ?? [])])
  const delimiter = options.delimiter ?? (await findDelimiter(path))
  const parts = readCsvRecords(createReadStream(path) as AsyncIterable<Buffer>, (header) => header.map((each, index) => (each.trim() === '' ? `column${String(index + 1)}` : each.trim())), { delimiter })
  for await (const { rows, unreadable } of parts) {
    for (const record of rows) yield { op: 'upsert', record: present(record, nulls) }
    for (const { line, text, reason } of unreadable) yield { op: 'unreadable', where: `line ${String(line)}`, text, reason }
  }
}

function present(record: Readonly<Record<string, string>>, nulls: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !nulls.has(value)))
}

async function findDelimiter(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { encoding: 'utf8', end: 65_535 })) {
    const header = String(chunk).split('\n', 1)[0] ?? ''
    const counts = candidates.map((each) => header.split(each).length)
    return candidates[counts.indexOf(Math.max(...counts))] ?? ','
  }
  return ','
}
