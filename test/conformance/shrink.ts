// A disagreement made as small as it gets: first to one profile, then a smaller expression, then a smaller profile.
import { type Json, type JsonObject, isJsonArray, isJsonObject } from '../../packages/core/src/kernel/json.js'
import { parseOurs } from './answers.js'
import type { FindDisagreement } from './disagreements.js'
import { type Phrase, allParts, smallerThan, toText } from './phrase.js'

export interface Shrunk {
  readonly expression: string
  readonly profiles: readonly JsonObject[]
  readonly how: string
}

/** So many tries per disagreement; each try is a few evaluations. */
const mostTries = 400

export async function shrink(phrase: Phrase, profiles: readonly JsonObject[], find: FindDisagreement): Promise<Shrunk> {
  let tries = 0
  const sort = sortOf(toText(phrase), await find(toText(phrase), profiles))
  const differs: FindDisagreement = async (expression, some) => {
    tries++
    const how = tries > mostTries ? undefined : await find(expression, some)
    return how !== undefined && sortOf(expression, how) === sort ? how : undefined
  }
  const few = await shrinkProfiles(toText(phrase), profiles, differs)
  const small = await shrinkPhrase(phrase, few, differs)
  const smallest = await shrinkValues(small, few, differs)
  const expression = toText(small)
  return { expression, profiles: smallest, how: (await find(expression, smallest)) ?? 'no longer differs' }
}

/** So that making it smaller does not lead from one mistake to another: a variable that is no longer bound, a failure. */
function sortOf(expression: string, how: string | undefined): string {
  if (parseOurs(expression).is === 'refused') return 'refused'
  return how?.startsWith('failed') === true ? 'failed' : 'differs'
}

async function shrinkProfiles(expression: string, profiles: readonly JsonObject[], find: FindDisagreement): Promise<readonly JsonObject[]> {
  if (profiles.length === 1) return profiles
  for (const each of profiles) if ((await find(expression, [each])) !== undefined) return [each]
  return profiles
}

async function shrinkPhrase(phrase: Phrase, profiles: readonly JsonObject[], find: FindDisagreement): Promise<Phrase> {
  const length = toText(phrase).length
  const parts = [...allParts(phrase), ...smallerThan(phrase)]
  const candidates = [...new Map(parts.map((each) => [toText(each), each]))].filter(([text]) => text.length < length).sort(([a], [b]) => a.length - b.length)
  for (const [text, each] of candidates) if ((await find(text, profiles)) !== undefined) return shrinkPhrase(each, profiles, find)
  return phrase
}

async function shrinkValues(phrase: Phrase, profiles: readonly JsonObject[], find: FindDisagreement): Promise<readonly JsonObject[]> {
  const [only, ...others] = profiles
  if (!only || others.length > 0) return profiles
  for (const smaller of smallerDocuments(only)) if ((await find(toText(phrase), [smaller])) !== undefined) return shrinkValues(phrase, [smaller], find)
  return profiles
}

/** Without one relation, one item, one field; large parts first. `id` and `person` stay, and so do keys by which things are known. */
function* smallerDocuments(document: JsonObject): Generator<JsonObject> {
  for (const key of Object.keys(document)) if (key !== 'id' && key !== 'person') yield without(document, key)
  for (const [key, value] of Object.entries(document)) if (key !== 'id') for (const smaller of smallerValues(value)) yield { ...document, [key]: smaller }
}

const kept: ReadonlySet<string> = new Set(['personKey', 'accountKey', 'opportunityKey', 'campaignKey', 'listKey', 'eventId', 'timestamp'])

function* smallerValues(value: Json): Generator<Json> {
  if (isJsonArray(value)) {
    for (const index of value.keys()) yield value.filter((_, at) => at !== index)
    for (const [index, each] of value.entries()) for (const smaller of smallerValues(each)) yield value.with(index, smaller)
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) if (!kept.has(key)) yield without(value, key)
    for (const [key, each] of Object.entries(value)) for (const smaller of smallerValues(each)) yield { ...value, [key]: smaller }
  }
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== key))
}
