// What a destination is told of a profile: its identities, and a payload made by the destination's JSONata `body`.
import { type Expression } from '../expressions/expression.js'
import { parseExpression } from '../expressions/parse.js'
import { fail } from '../kernel/error.js'
import type { Json, JsonObject } from '../kernel/json.js'
import { isJsonObject } from '../kernel/json.js'
import type { ProfileView } from '../matching/match.js'
import { readProfileViews } from '../matching/profile-view.js'
import type { Applied } from '../2-plan/applied.js'
import type { Connection } from '../stores/store.js'
import type { ActiveActivation } from './activations.js'

export interface MappedProfile {
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
  for await (const page of readProfileViews(store, { entities: applied.entities, entity, paths, ids: sorted, roots })) {
    for (const view of page) mapped.push(await toMapped(view, expression, context))
  }
  return mapped
}

function toBody({ active, defaultPayload }: PayloadContext): Expression {
  const written = active.destination.spec.config['body']
  const parsed = parseExpression(typeof written === 'string' ? written : defaultPayload)
  if (!parsed.ok) throw fail('destination/bad-body', { destination: active.destination.spec.name, reason: parsed.problems[0]?.message ?? '' })
  return parsed.expression
}

async function toMapped(view: ProfileView, expression: Expression, context: PayloadContext): Promise<MappedProfile> {
  const of = (status: 'realized' | 'exited'): Promise<Json> => evaluateBody(expression, view, status, context)
  return { id: view.id, identities: toIdentities(view), sourceKeys: view.sourceKeys, payload: await of('realized'), exitPayload: await of('exited') }
}

async function evaluateBody(expression: Expression, view: ProfileView, status: string, { applied, active, nowMs }: PayloadContext): Promise<Json> {
  const { segment, destination, activation } = active
  const document: JsonObject = { ...view.root, segment: segment.spec.name, list: activation.list, status }
  const outcome = await expression.evaluate(document, { nowMs, vars: applied.sandbox.vars })
  if (!outcome.ok) throw fail('destination/bad-body', { destination: destination.spec.name, reason: `${outcome.code}: ${outcome.message}` })
  return outcome.value ?? {}
}

function toIdentities({ root, sourceKeys }: ProfileView): Readonly<Record<string, string>> {
  const person = root['person']
  const [key] = sourceKeys
  const found: Record<string, string> = {}
  if (isJsonObject(person ?? null)) {
    const { email, ecid } = person as JsonObject
    if (typeof email === 'string') found['email'] = email.trim().toLowerCase()
    if (typeof ecid === 'string') found['ecid'] = ecid
  }
  if (key !== undefined) found[person === undefined ? 'b2b_account' : 'b2b_person'] = key
  return found
}
