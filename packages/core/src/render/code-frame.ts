// A place in a file as text: its line with carets below.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Span } from '../kernel/span.js'
import type { Paint } from './paint.js'

/** Lines of the files that were shown before. */
export type FileLines = Map<string, readonly string[]>

export interface FrameOptions {
  /** Stands behind the carets, with its own space. */
  readonly note: string
  /** Of the whole file. */
  readonly lines: readonly string[]
  readonly paint: Paint
}

/** The place, its line, and carets below it with a note behind them. */
export function renderFrame({ file, from, to }: Span, { note, lines, paint }: FrameOptions): readonly string[] {
  const place = `  ${paint.dim('-->')} ${file}:${String(from.line)}:${String(from.column)}`
  const line = lines[from.line - 1]
  if (line === undefined) return [place]
  const gutter = String(from.line).padStart(5)
  // Tabs stay tabs above and below, so that the caret stands under its character whatever the tab width.
  const before = [...line.slice(0, from.column - 1)].map((each) => (each === '\t' ? '\t' : ' '.repeat(width(each)))).join('')
  const end = to.line === from.line ? Math.max(to.column, from.column + 1) : line.length + 1
  const marked = line.slice(from.column - 1, end - 1)
  const carets = '^'.repeat(Math.max(1, [...marked].reduce((sum, each) => sum + width(each), 0)))
  return [place, `${gutter} | ${line}`, `${' '.repeat(gutter.length)} | ${before}${paint.red(carets)}${note}`]
}

// East Asian wide characters and emoji take two columns in a terminal.
function width(character: string): number {
  return /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(character) && !/[\u00a9\u00ae\u2122]/.test(character) ? 2 : 1
}

export function linesOf(file: string, folder: string, files: FileLines): readonly string[] {
  const known = files.get(file)
  if (known) return known
  const lines = readLines(join(folder, file))
  files.set(file, lines)
  return lines
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}
