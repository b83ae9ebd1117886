// Stage 2: Project × Applied → Plan. Reads the store for the preview, writes nothing but a plan file on request.
import type { Headroom, Project } from '../1-project/project.js'
import { standardEntities } from '../entities/standard-entities.js'
import type { Address } from '../kernel/address.js'
import type { Clock } from '../kernel/clock.js'
import { type Diagnostic, describe } from '../kernel/diagnostic.js'
import type { Store } from '../stores/store.js'
import type { Applied } from './applied.js'
import { findBlocks } from './find-blocks.js'
import { diff } from './diff.js'
import { type PaceQuestion, identityFinder, paceFinder, sumDeliveries } from './delivery-impact.js'
import { type FindMatching, MatchRates } from './match-rates.js'
import { toNextApplied, withPromises } from './next-applied.js'
import { onlyTargets } from './only-targets.js'
import { type Change, type Plan, type PlanCounts, planFormat } from './plan.js'
import { findDataAsOf, previewSegments } from './preview.js'

export { type AppliedSerials, emptyApplied, readApplied, readAppliedAt, readAppliedSerials } from './read-applied.js'
export { type AppliedChange, type AppliedStep, findAppliedStep, readAppliedHistory } from './applied-history.js'
export { planAdoption } from './plan-adoption.js'
export { loadPlanFile, writePlanFile } from './plan-file.js'
export { planForget } from './plan-forget.js'
export { planMove } from './plan-move.js'
export { protection } from './state-plan.js'
export { type Resource, ownResources, projectResources } from './resources.js'

export interface PlanRequest {
  readonly project: Project
  readonly applied: Applied
  readonly store: Store
  readonly clock: Clock
  /** Segments whose shrinking was allowed by hand. */
  readonly allowShrink?: readonly string[]
  /** `off` skips the question who would enter and leave; without a word everybody is counted as long as that is quick, else a sample. */
  readonly impact?: 'exact' | 'sample' | 'off'
  /** What connectors can take; without them nothing is told of requests and time. */
  readonly findCapabilities?: PaceQuestion['findCapabilities']
  /** Destinations that can be asked whom they know; without it nobody is asked. */
  readonly findMatching?: FindMatching
  /** What is used of the day's quotas of the accounts that the project talks to. */
  readonly quotas?: readonly Headroom[]
  /** Only these resources and what they rest on; everything else stays as it was applied. */
  readonly target?: readonly Address[]
  /** What the project was loaded with. */
  readonly warnings?: readonly Diagnostic[]
}

/**
 * What apply would do, in order, and who would enter and leave each changed segment by the data at hand.
 * The same project and state give the same changes, whatever the order of files and keys.
 */
export async function planChanges(request: PlanRequest): Promise<Plan> {
  const { applied, store, clock, allowShrink = [] } = request
  const project = request.target ? onlyTargets(request.project, applied, request.target) : request.project
  const next = toNextApplied(project, applied)
  const pace = { destinations: next.destinations, findCapabilities: request.findCapabilities ?? (() => undefined) }
  const matchRates = request.findMatching && new MatchRates(request.findMatching)
  const found = diff(project, applied)
  const changes = request.impact === 'off' ? found : await previewSegments({ changes: found, applied, next, store, clock, wanted: request.impact, findPace: paceFinder(pace), findIdentities: identityFinder(pace), matchRates })
  const dataAsOf = await findDataAsOf(store)
  return {
    formatVersion: planFormat,
    project: project.name,
    sandbox: project.sandbox.name,
    baseSerial: applied.serial,
    createdAt: clock.now(),
    changes,
    deliveries: sumDeliveries(changes, pace),
    headroom: [...project.headroom, ...(request.quotas ?? [])],
    counts: count(changes),
    blocks: findBlocks({ changes, applied, next, allowShrink }),
    guardrails: { profile: project.guardrails.profile, overrides: project.guardrails.overrides },
    // What is missing on the machine that plans says nothing of the plan.
    warnings: [...(request.warnings ?? []).filter((each) => each.code !== 'project/secret-not-set'), ...(matchRates?.warnings() ?? [])].map((each) => ({ ...each, text: describe(each) })),
    ...(dataAsOf === undefined ? {} : { dataAsOf }),
    next: withPromises(next, changes, allowShrink),
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
