// What a destination is told of a profile: its identities, and a payload made by the destination's JSONata `body`.
import { type ConsentCondition, conditionsOf, findRefusal } from '../entities/consent.js'
import { type Expression } from '../expressions/expression.js'
import { parseExpression } from '../expressions/parse.js'
import { fail } from '../kernel/error.js'
import type { Json, JsonObject } from '../kernel/json.js'
import { isJsonArray, isJsonObject } from '../kernel/json.js'
import type { ProfileView } from '../matching/match.js'
import { toIdentities } from '../matching/to-identities.js'
import { readProfileViews } from '../matching/profile-view.js'
import type { Applied } from '../2-plan/applied.js'
import type { Connection } from '../stores/store.js'
import type { ActiveActivation } from './activations.js'

export interface MappedProfile {
  /** The person does not consent, by the very values that the payload is made from. */
  readonly isWithheld: boolean
  readonly id: number
  readonly identities: Readonly<Record<string, string>>
  readonly sourceKeys: readonly string[]
  readonly payload: Json
  /** What is sent to take the profile out again; kept, because the profile may be another by then, or gone. */
  readonly exitPayload: Json
}

export interface PayloadContext {
  readonly applied: Applied
  readonly active: ActiveActivation
  readonly nowMs: number
  /** The connector's, for destinations without `body`. */
  readonly defaultPayload: string
}

/** Payloads of the profiles that exist, in the order of their ids. */
export async function mapPayloads(store: Connection, ids: readonly number[], context: PayloadContext): Promise<readonly MappedProfile[]> {
  const { applied, active } = context
  const { entity, paths } = active.segment.spec
  const expression = toBody(context)
  const roots = new Set(expression.reads.roots.map((each) => each.name))
  const mapped: MappedProfile[] = []
  const sorted = [...ids].sort((a, b) => a - b)
  const conditions = consentConditions(context)
  for await (const page of readProfileViews(store, { entities: applied.entities, entity, paths, ids: sorted, roots })) {
    for (const view of page) mapped.push(await toMapped(withoutRefusing(view, conditions), expression, context, conditions))
  }
  return mapped
}

/** Whether the payload tells of people other than the profile itself. */
export function sendsPeople(context: PayloadContext): boolean {
  return context.active.segment.spec.entity === 'account' && toBody(context).reads.roots.some(({ name }) => name === 'people' || name === '*')
}

function consentConditions({ applied, active }: PayloadContext): readonly ConsentCondition[] {
  const person = applied.entities['person']
  return person ? conditionsOf(active.destination.spec.consent, person) : []
}

/** An account without those of its people who do not consent. */
function withoutRefusing(view: ProfileView, conditions: readonly ConsentCondition[]): ProfileView {
  const people = view.root['people']
  if (people === undefined || !isJsonArray(people)) return view
  return { ...view, root: { ...view.root, people: people.filter((each) => isJsonObject(each) && findRefusal(conditions, each) === undefined) } }
}

function toBody({ active, defaultPayload }: PayloadContext): Expression {
  const written = active.destination.spec.config['body']
  const parsed = parseExpression(typeof written === 'string' ? written : defaultPayload)
  if (!parsed.ok) throw fail('destination/bad-body', { destination: active.destination.spec.name, reason: parsed.problems[0]?.message ?? '' })
  return parsed.expression
}

async function toMapped(view: ProfileView, expression: Expression, context: PayloadContext, conditions: readonly ConsentCondition[]): Promise<MappedProfile> {
  const person = view.root['person']
  const of = (status: 'realized' | 'exited'): Promise<Json> => evaluateBody(expression, view, status, context)
  return { id: view.id, isWithheld: isJsonObject(person ?? null) && findRefusal(conditions, person as JsonObject) !== undefined, identities: toIdentities(view), sourceKeys: view.sourceKeys, payload: await of('realized'), exitPayload: await of('exited') }
}

async function evaluateBody(expression: Expression, view: ProfileView, status: string, { applied, active, nowMs }: PayloadContext): Promise<Json> {
  const { segment, destination, activation } = active
  const document: JsonObject = { ...view.root, segment: segment.spec.name, list: activation.list, status }
  const outcome = await expression.evaluate(document, { nowMs, vars: applied.sandbox.vars })
  if (!outcome.ok) throw fail('destination/bad-body', { destination: destination.spec.name, reason: `${outcome.code}: ${outcome.message}` })
  return outcome.value ?? {}
}
