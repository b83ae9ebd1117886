// Why one profile is in a segment or not: every clause of the expression with its value for it, and whether all evaluators say
// the same. Works on the project files and the data at hand.
import type { Project, Segment } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import { toClauses } from '../expressions/clauses.js'
import { evaluateParts } from '../expressions/evaluate-parts.js'
import { type Clause, explainClauses } from '../expressions/explain-clauses.js'
import type { Bindings, Expression } from '../expressions/expression.js'
import { toVerdict } from '../expressions/is-true.js'
import { parseExpression } from '../expressions/parse.js'
import type { Clock } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'
import type { JsonObject } from '../kernel/json.js'
import { findProfiles, labelProfiles } from '../matching/find-profile.js'
import type { HowMatched } from '../matching/match.js'
import { readProfileViews } from '../matching/profile-view.js'
import type { Store } from '../stores/store.js'
import { type Withholding, findWithholdings } from './find-withholdings.js'
import { matchAsWritten, storedEntities } from './match-as-written.js'

export interface ProfileExplanation {
  readonly id: number
  readonly label: string
  readonly isMember: boolean
  /** Why evaluation failed, if it did: then the profile is not a member. */
  readonly error?: { readonly code: string; readonly message: string }
  readonly verdicts: Verdicts
  readonly clauses: Clause
  /** Destinations of the segment that a member is not sent to. */
  readonly withheld: readonly Withholding[]
}

/** What each evaluator says. They agree, or there is a defect of cdp. */
export interface Verdicts {
  readonly agree: boolean
  readonly store: boolean
  /** Who decided in the store's pass. */
  readonly decidedBy: 'sql' | 'closure'
  readonly ran: HowMatched['ran']
  readonly closure: boolean | string
  readonly jsonata: boolean | string
}

export interface ExplainProfileRequest {
  readonly project: Project
  readonly segment: Segment
  readonly store: Store
  readonly applied: Applied
  /** The one instant of the whole explanation. */
  readonly nowMs: number
  readonly clock: Clock
  readonly identity: { readonly namespace: string; readonly value: string }
}

export async function explainProfile(request: ExplainProfileRequest): Promise<ProfileExplanation> {
  const { store, segment, nowMs } = request
  const id = await findOne(request)
  const expression = parse(segment)
  const { found, read } = await matchAsWritten({ ...request, scope: [id] })
  const segments = [...read].filter(([name, each]) => segment.readsSegments.includes(name) && each.ids.includes(id)).map(([name]) => [name, true] as const)
  const root: JsonObject = { ...(await readRoot(request, id)), ...(segment.readsSegments.length === 0 ? {} : { segments: Object.fromEntries(segments) }) }
  const bindings: Bindings = { nowMs, vars: segment.vars }
  const outcome = await expression.evaluate(root, bindings)
  const verdict = toVerdict(outcome)
  const inStore = found.ids.includes(id)
  const [closure, jsonata] = [await expression.matches(root, bindings), toAnswer(toVerdict(await expression.reference(root, bindings)))]
  const [label = `#${String(id)}`] = await labelProfiles(store, segment.entity, [id])
  return {
    id, label, isMember: verdict.is === 'in',
    ...(verdict.is === 'error' ? { error: { code: verdict.code, message: outcome.ok ? '' : outcome.message } } : {}),
    verdicts: { agree: inStore === (closure === true) && closure === jsonata, store: inStore, decidedBy: found.how.undecided > 0 ? 'closure' : 'sql', ran: found.how.ran, closure, jsonata },
    clauses: explainClauses(toClauses(expression.tree, expression.text), evaluateParts(root, bindings, expression.text)),
    withheld: verdict.is === 'in' ? findWithholdings({ segment, destinations: request.project.destinations, entities: storedEntities(request.project, request.applied), view: root }) : [],
  }
}

/** @throws profile/unknown, profile/other-entity */
async function findOne({ store, segment, identity, project }: ExplainProfileRequest): Promise<number> {
  const [id] = await findProfiles(store, identity.namespace, identity.value)
  if (id === undefined) throw fail('profile/unknown', { ...identity, sandbox: project.sandbox.name })
  const entity: ProfileEntity = identity.namespace === 'b2b_account' ? 'account' : 'person'
  if (entity !== segment.entity) throw fail('profile/other-entity', { ...identity, segment: segment.name, wanted: segment.entity, found: entity })
  return id
}

async function readRoot({ store, project, applied, segment }: ExplainProfileRequest, id: number): Promise<JsonObject> {
  for await (const [view] of readProfileViews(store, { entities: storedEntities(project, applied), entity: segment.entity, paths: segment.paths, ids: [id] })) if (view) return view.root
  return {}
}

function parse(segment: Segment): Expression {
  const parsed = parseExpression(segment.expression)
  if (!parsed.ok) throw new RangeError(`${segment.name} has errors`)
  return parsed.expression
}

function toAnswer(verdict: ReturnType<typeof toVerdict>): boolean | string {
  return verdict.is === 'error' ? verdict.code : verdict.is === 'in'
}
