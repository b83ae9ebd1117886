// The shape of a guardrail that is checked on the project: data about the limit, and a function that looks for breaches.
import type { DiagnosticLog } from '../../kernel/diagnostic.js'
import type { Project } from '../project.js'

export interface Guardrail {
  /** Also the file's name. */
  readonly id: string
  readonly severity: 'hard' | 'soft'
  readonly limit: number
  /** Row of the fact sheet on Adobe's B2B guardrails, and the page that it is from. */
  readonly source: string
  readonly why: string
  check(project: Project, limit: number, log: DiagnosticLog): void
}
