// The formats of `cdp validate` and `cdp plan`: which there are, and what each makes of the same remarks.
import type { Plan } from '../2-plan/plan.js'
import { type Diagnostic } from '../kernel/diagnostic.js'
import { toWorkflowCommands, workflowCommand } from './github.js'
import { planToJunit, problemsToJunit } from './junit.js'
import { type Paint, noColour } from './paint.js'
import { basis, renderPlan, total } from './plan.js'
import { planToMarkdown, problemsToMarkdown } from './plan-markdown.js'
import { type ReportPaths, diagnosticsToRemarks, planToRemarks } from './remark.js'
import { type SarifOptions, toSarif } from './sarif.js'

export const validateFormats = ['human', 'json', 'sarif', 'github', 'junit'] as const
export const planFormats = ['human', 'json', 'markdown', 'junit', 'github', 'sarif'] as const
export type PlanFormat = (typeof planFormats)[number]

export interface ReportSurroundings {
  readonly paths: ReportPaths
  /** The project file, from the root of the repository on. */
  readonly anchor: string
  /** Of cdpkit. */
  readonly version: string
}

export function renderPlanAs(format: PlanFormat, plan: Plan, surroundings: ReportSurroundings & { readonly paint: Paint }): string {
  const remarks = planToRemarks(plan, surroundings.paths)
  switch (format) {
    case 'human':
    case 'json':
      return renderPlan(plan, surroundings.paint)
    case 'markdown':
      return planToMarkdown(plan)
    case 'junit':
      return planToJunit(plan, remarks)
    case 'github':
      return [...toWorkflowCommands(remarks), workflowCommand('notice', { title: 'cdp plan' }, `${plan.project} · sandbox ${plan.sandbox}: ${total(plan, noColour)} · ${basis(plan)}`)].join('\n')
    case 'sarif':
      return toSarif(remarks, { category: `cdp-plan/${plan.project}/${plan.sandbox}`, ...sarifOptions(surroundings) })
  }
}

/** The report of a command that found mistakes in the files; undefined where people and JSON readers are told otherwise. */
export function renderProblemsAs(format: PlanFormat, problems: readonly Diagnostic[], surroundings: ReportSurroundings): string | undefined {
  const remarks = diagnosticsToRemarks(problems, surroundings.paths)
  switch (format) {
    case 'human':
    case 'json':
      return undefined
    case 'markdown':
      return problemsToMarkdown(problems)
    case 'junit':
      return problemsToJunit(problems, 'cdp plan')
    case 'github':
      return toWorkflowCommands(remarks).join('\n')
    case 'sarif':
      return toSarif(remarks, { category: 'cdp-plan', ...sarifOptions(surroundings) })
  }
}

function sarifOptions({ paths, anchor, version }: ReportSurroundings): Omit<SarifOptions, 'category'> {
  return { root: paths.root, anchor, version }
}
