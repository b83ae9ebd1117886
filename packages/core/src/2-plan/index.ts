// Stage 2: Project × Applied → Plan. Reads the store for the preview, writes nothing but a plan file on request.
import type { Project } from '../1-project/project.js'
import { standardEntities } from '../entities/standard-entities.js'
import type { Clock } from '../kernel/clock.js'
import type { Store } from '../stores/store.js'
import type { Applied } from './applied.js'
import { findBlocks } from './find-blocks.js'
import { diff } from './diff.js'
import { toNextApplied } from './next-applied.js'
import { type Change, type Plan, type PlanCounts, planFormat } from './plan.js'
import { findDataAsOf, previewSegments } from './preview.js'

export { readApplied, emptyApplied } from './read-applied.js'
export { loadPlanFile, writePlanFile } from './plan-file.js'
export { projectResources } from './resources.js'

export interface PlanRequest {
  readonly project: Project
  readonly applied: Applied
  readonly store: Store
  readonly clock: Clock
  /** Segments whose shrinking was allowed by hand. */
  readonly allowShrink?: readonly string[]
  /** `off` skips the question who would enter and leave. */
  readonly impact?: 'exact' | 'off'
}

/**
 * What apply would do, in order, and who would enter and leave each changed segment by the data at hand.
 * The same project and state give the same changes, whatever the order of files and keys.
 */
export async function planChanges(request: PlanRequest): Promise<Plan> {
  const { project, applied, store, clock } = request
  const next = toNextApplied(project, applied)
  const found = diff(project, applied)
  const changes = request.impact === 'off' ? found : await previewSegments({ changes: found, applied, next, store, clock })
  const dataAsOf = await findDataAsOf(store)
  return {
    formatVersion: planFormat,
    project: project.name,
    sandbox: project.sandbox.name,
    baseSerial: applied.serial,
    createdAt: clock.now(),
    changes,
    counts: count(changes),
    blocks: findBlocks({ changes, applied, next, allowShrink: request.allowShrink ?? [] }),
    guardrails: { profile: project.guardrails.profile, overrides: project.guardrails.overrides },
    ...(dataAsOf === undefined ? {} : { dataAsOf }),
    next,
  }
}

/**
 * The plan that removes everything from a sandbox. Its next state keeps the destinations: segments leave their audiences
 * first, and the database that knows the destinations goes last.
 */
export async function planDestroy(request: PlanRequest): Promise<Plan> {
  const empty: Project = { ...request.project, policies: [], sources: [], segments: [], destinations: [], entities: standardEntities }
  const kept = Object.values(request.applied.destinations).map((each) => each.spec)
  const plan = await planChanges({ ...request, project: empty, impact: 'off' })
  return { ...plan, next: toNextApplied({ ...empty, destinations: kept }, request.applied) }
}

function count(changes: readonly Change[]): PlanCounts {
  const of = (action: Change['action']): number => changes.filter((each) => each.action === action).length
  return { create: of('create'), update: of('update'), rename: of('rename'), delete: of('delete') }
}
