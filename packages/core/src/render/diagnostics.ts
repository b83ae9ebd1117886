// Diagnostics as text with code frames, and as JSON.
import { type Diagnostic, describe } from '../kernel/diagnostic.js'
import type { JsonObject } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import { type FileLines, linesOf, renderFrame } from './code-frame.js'
import { counted } from './numbers.js'
import type { Paint } from './paint.js'

export interface DiagnosticsOptions {
  /** Paths in spans start here. */
  readonly folder: string
  readonly paint: Paint
}

export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: DiagnosticsOptions): string {
  const files: FileLines = new Map()
  const shown = diagnostics.map((each) => renderDiagnostic(each, options, files)).join('\n\n')
  const errors = diagnostics.filter((each) => each.severity === 'error').length
  const warnings = diagnostics.length - errors
  const total = [...(errors > 0 ? [counted(errors, 'error')] : []), ...(warnings > 0 ? [counted(warnings, 'warning')] : [])].join(', ')
  return `${shown}\n\n${total}`
}

function renderDiagnostic(diagnostic: Diagnostic, options: DiagnosticsOptions, files: FileLines): string {
  const { paint } = options
  const { summary, detail, help } = describe(diagnostic)
  const colour = diagnostic.severity === 'error' ? paint.red : paint.yellow
  const frame = diagnostic.at ? renderFrame(diagnostic.at, { note: noteOf(diagnostic), lines: withoutSecret(diagnostic, diagnostic.at.source?.split('\n') ?? linesOf(diagnostic.at.file, options.folder, files)), paint }) : []
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

/** Of the documents that hold diagnostics (docs/reference/output-formats.md tells when it grows). */
const diagnosticsFormat = 1

export interface DiagnosedFolder {
  /** Where the files of the diagnostics start, from where the command was started. */
  readonly folder: string
  readonly diagnostics: readonly Diagnostic[]
}

/** What every command prints with `--json` when it finds mistakes in the files; `cdp validate` prints it always. */
export function diagnosticsToJson(found: readonly DiagnosedFolder[]): JsonObject {
  const all = found.flatMap((each) => each.diagnostics)
  const errors = all.filter((each) => each.severity === 'error').length
  return {
    formatVersion: diagnosticsFormat, errors, warnings: all.length - errors,
    diagnostics: found.flatMap(({ folder, diagnostics }) => diagnostics.map((each) => ({ ...diagnosticToJson(each), folder }))),
  }
}

export function diagnosticToJson(diagnostic: Diagnostic): JsonObject {
  const { summary, detail, help } = describe(diagnostic)
  const related = (diagnostic.related ?? []).map(({ text, at }) => ({ message: text, ...placeToJson(at) }))
  return { code: diagnostic.code, severity: diagnostic.severity, message: summary, detail, help, ...(diagnostic.at ? placeToJson(diagnostic.at) : {}), ...(related.length > 0 ? { related } : {}) }
}

function placeToJson({ file, from, to }: Span): JsonObject {
  return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
}
