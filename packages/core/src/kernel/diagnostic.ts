// What is wrong with what a person wrote: a code, its parameters, and the place. Collected, never thrown.
import { type DiagnosticCode, type DiagnosticParams, diagnosticCodes } from './codes/index.js'
import { type Span, comparePositions } from './span.js'

export type Severity = 'error' | 'warning'

export interface Diagnostic {
  readonly code: DiagnosticCode | GuardrailCode
  readonly severity: Severity
  readonly params: Readonly<Record<string, string | number | boolean>>
  /** Only of guardrails; the others have theirs in `codes/`. */
  readonly text?: DiagnosticText
  /** Absent when no place in a file is to blame (a missing project folder, say). */
  readonly at?: Span
  readonly related?: readonly { readonly text: string; readonly at: Span }[]
}

/** Guardrails bring their own texts: they are rules of the pattern or of a plugin, not messages of ours. */
export type GuardrailCode = `guardrail/${string}`

/** A value, or everything that keeps us from having one. Warnings come with both. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly problems: readonly Diagnostic[] }

export interface DiagnosticText {
  /** Constant for a code: what kind of mistake this is. */
  readonly summary: string
  /** This mistake, with its names and values. */
  readonly detail: string
  /** What to do next. */
  readonly help: string
}

export function describe(diagnostic: Diagnostic): DiagnosticText {
  if (diagnostic.text) return diagnostic.text
  const code = diagnosticCodes[diagnostic.code as DiagnosticCode]
  return {
    summary: code.summary,
    detail: (code.detail as (p: Diagnostic['params']) => string)(diagnostic.params),
    help: (code.help as (p: Diagnostic['params']) => string)(diagnostic.params),
  }
}

/** Collects diagnostics; hand one to everything that may find a mistake. */
export class DiagnosticLog {
  readonly #all: Diagnostic[] = []

  report<C extends DiagnosticCode>(code: C, params: DiagnosticParams<C>, at?: Span, related?: Diagnostic['related']): void {
    this.#all.push({
      code,
      severity: diagnosticCodes[code].severity,
      params: params,
      ...(at ? { at } : {}),
      ...(related ? { related } : {}),
    })
  }

  add(diagnostics: readonly Diagnostic[]): void {
    this.#all.push(...diagnostics)
  }

  get hasErrors(): boolean {
    return this.#all.some((each) => each.severity === 'error')
  }

  /** All of them, in the order of the files and of the lines in them. */
  sorted(): readonly Diagnostic[] {
    return [...this.#all].sort(byPlace)
  }

  checked<T>(value: () => T): Checked<T> {
    if (this.hasErrors) return { ok: false, problems: this.sorted() }
    return { ok: true, value: value(), warnings: this.sorted() }
  }
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (!a.at || !b.at) return Number(Boolean(a.at)) - Number(Boolean(b.at))
  if (a.at.file !== b.at.file) return a.at.file < b.at.file ? -1 : 1
  return comparePositions(a.at.from, b.at.from) || (a.code < b.code ? -1 : Number(a.code > b.code))
}
