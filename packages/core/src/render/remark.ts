// Remarks: what reports for machines say, each with its place in the repository. Mistakes and warnings in the files are some,
// what stops a plan is another.
import { join, relative } from 'node:path'
import type { Plan } from '../2-plan/plan.js'
import { blockCodes } from '../kernel/codes/block.js'
import { type Diagnostic, type DiagnosticText, type Severity, describe } from '../kernel/diagnostic.js'
import type { Span } from '../kernel/span.js'

export interface Remark {
  readonly code: string
  readonly severity: Severity
  readonly text: DiagnosticText
  /** The resource, when it is about one as a whole. */
  readonly address?: string
  /** Its file is relative to the root of the repository, as all files of a report. */
  readonly at?: Span
  readonly related: readonly { readonly text: string; readonly at: Span }[]
}

/** Where the paths of a project's diagnostics start, and where those of a report do. */
export interface ReportPaths {
  /** Of the project. */
  readonly folder: string
  /** Of the repository around it. */
  readonly root: string
}

export function diagnosticsToRemarks(diagnostics: readonly Diagnostic[], paths: ReportPaths): readonly Remark[] {
  return diagnostics.map((each) => ({
    code: each.code,
    severity: each.severity,
    text: describe(each),
    ...(each.at ? { at: inRepository(each.at, paths) } : {}),
    related: (each.related ?? []).map(({ text, at }) => ({ text, at: inRepository(at, paths) })),
  }))
}

/** What stops the plan, then what the files were warned of. */
export function planToRemarks(plan: Plan, paths: ReportPaths): readonly Remark[] {
  const blocks = plan.blocks.map((block): Remark => {
    const at = plan.changes.find((each) => each.address === block.address)?.at
    return { code: block.code, severity: 'error', text: { summary: blockCodes[block.code], detail: `${block.address}: ${block.detail}`, help: block.help }, address: block.address, ...(at ? { at: inRepository(at, paths) } : {}), related: [] }
  })
  return [...blocks, ...diagnosticsToRemarks(plan.warnings, paths)]
}

function inRepository(at: Span, { folder, root }: ReportPaths): Span {
  return { ...at, file: pathInRepository(join(folder, at.file), root) }
}

/** With forward slashes, on every system. */
export function pathInRepository(path: string, root: string): string {
  return relative(root, path).replaceAll('\\', '/')
}
