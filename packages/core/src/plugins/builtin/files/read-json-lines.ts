// JSON lines → records. A line that is no JSON object comes as unreadable, with its number; the others go on.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { isJsonObject } from '../../../kernel/json.js'
import type { Change } from '../../sdk.js'

export async function* readJsonLines(path: string): AsyncIterable<Change> {
  const lines = createInterface({ input: createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 }), crlfDelay: Infinity })
  let number = 0
  for await (const line of lines) {
    number++
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line
    if (text.trim() !== '') yield toChange(text, number)
  }
}

function toChange(text: string, line: number): Change {
  try {
    const record: unknown = JSON.parse(text)
    if (isJsonObject(record)) return { op: 'upsert', record }
    return unreadable(text, line, 'it is no JSON object')
  } catch (error) {
    return unreadable(text, line, error instanceof Error ? error.message : String(error))
  }
}

function unreadable(text: string, line: number, reason: string): Change {
  return { op: 'unreadable', where: `line ${String(line)}`, text: text.slice(0, 1000), reason }
}
