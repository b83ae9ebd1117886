// Diagnostics as text with code frames, and as JSON.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, describe } from '../kernel/diagnostic.js'
import type { Json } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import { counted } from './numbers.js'
import type { Paint } from './paint.js'

export interface DiagnosticsOptions {
  /** Paths in spans start here. */
  readonly folder: string
  readonly paint: Paint
}

export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: DiagnosticsOptions): string {
  const files = new Map<string, readonly string[]>()
  const shown = diagnostics.map((each) => renderDiagnostic(each, options, files)).join('\n\n')
  const errors = diagnostics.filter((each) => each.severity === 'error').length
  const warnings = diagnostics.length - errors
  const total = [...(errors > 0 ? [counted(errors, 'error')] : []), ...(warnings > 0 ? [counted(warnings, 'warning')] : [])].join(', ')
  return `${shown}\n\n${total}`
}

function renderDiagnostic(diagnostic: Diagnostic, options: DiagnosticsOptions, files: Map<string, readonly string[]>): string {
  const { paint } = options
  const { summary, detail, help } = describe(diagnostic)
  const colour = diagnostic.severity === 'error' ? paint.red : paint.yellow
  const frame = diagnostic.at ? renderFrame(diagnostic.at, noteOf(diagnostic), withoutSecret(diagnostic, linesOf(diagnostic.at.file, options.folder, files)), paint) : []
  const related = (diagnostic.related ?? []).map(({ text, at }) => `  ${paint.dim(`${text}: ${at.file}:${String(at.from.line)}:${String(at.from.column)}`)}`)
  return [`${colour(`${diagnostic.severity}[${diagnostic.code}]`)}: ${paint.bold(summary)}`, ...frame, `  ${detail}`, ...(help === '' ? [] : [`  ${help}`]), ...related].join('\n')
}

/** A secret that was written into a file is not repeated: not on a screen, not in the log of a pull request. */
function withoutSecret({ code, at }: Diagnostic, lines: readonly string[]): readonly string[] {
  if (code !== 'project/secret-literal' || !at) return lines
  return lines.map((line, index) => {
    if (index + 1 < at.from.line || index + 1 > at.to.line) return line
    const from = index + 1 === at.from.line ? at.from.column - 1 : 0
    const to = index + 1 === at.to.line ? at.to.column - 1 : line.length
    return line.slice(0, from) + '*'.repeat(to - from) + line.slice(to)
  })
}

/** What stands behind the caret: for a name in an expression, what it does there. */
function noteOf(diagnostic: Diagnostic): string {
  return diagnostic.code === 'guardrail/segment-needs-batch' ? ` ${String(diagnostic.params['name'])}` : ''
}

function renderFrame({ file, from, to }: Span, note: string, lines: readonly string[], paint: Paint): readonly string[] {
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

function linesOf(file: string, folder: string, files: Map<string, readonly string[]>): readonly string[] {
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

/** `{diagnostics: […]}`, as `cdp validate --json` prints it. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): Json {
  return {
    diagnostics: diagnostics.map((each) => {
      const { summary, detail, help } = describe(each)
      const place = each.at ? { file: each.at.file, line: each.at.from.line, column: each.at.from.column, endLine: each.at.to.line, endColumn: each.at.to.column } : {}
      return { code: each.code, severity: each.severity, message: summary, detail, help, ...place }
    }),
  }
}
