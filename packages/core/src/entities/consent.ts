// Whether a person may be sent: what a destination asks of the choices under `person.consents`, and what their values mean
// (XDM: consents and preferences). SQL (matching/consent.ts) and `findRefusal` are made from the same conditions; a test compares them.
import type { JsonObject, Json } from '../kernel/json.js'
import { isJsonObject } from '../kernel/json.js'
import type { EntitySchema } from './entity-schema.js'
import type { MarketingAction } from './governance.js'

export interface ConsentRule {
  /** Choices by their path below `consents`: `marketing.email`. One that refuses withholds the person. */
  readonly require: readonly string[]
  /** What becomes of people whose choice is missing, unknown or pending. */
  readonly onUnknown: 'send' | 'withhold'
}

/** y: yes. dy: yes by default. The others are lawful grounds that need no consent: legitimate interest, contract, compliance, vital and public interest. */
export const allowingValues = ['y', 'dy', 'li', 'ct', 'cp', 'vi', 'pi'] as const
/** u: unknown. p: pending verification. */
export const openValues = ['', 'u', 'p'] as const
// Everything else refuses: n, dn, and whatever a source writes that is no value of XDM. Better one too few than one too many.

/** The person's word on data as a whole. Who refuses this is sent nowhere, whatever a destination asks for. */
const generalChoice = 'collect'
const anyMarketing = 'marketing.any'

const choicesOfAction: Readonly<Record<MarketingAction, readonly string[]>> = {
  analytics: [], combineWithPii: [], dataScience: [],
  crossSiteTargeting: [anyMarketing], onsiteAds: [anyMarketing], emailTargeting: ['marketing.email'],
  onsitePersonalization: ['personalize.content'], singleIdentityPersonalization: ['personalize.content'],
  exportToThirdParty: ['share'], segmentMatch: ['share'],
}

/** What a destination asks for unless told otherwise. One that nobody says the purpose of is taken to be for marketing. */
export function requiredConsents(actions: readonly MarketingAction[]): readonly string[] {
  const saysWhatFor = actions.some((each) => each !== 'exportToThirdParty')
  return [...new Set([...actions.flatMap((each) => choicesOfAction[each]), ...(saysWhatFor ? [] : [anyMarketing])])].sort()
}

/** Flags of CRM and marketing systems that say the same as a choice (Adobe maps `unsubscribed` of Marketo to marketing.email = n). */
function flagsOf(choice: string): readonly string[] {
  if (choice === 'marketing.email') return ['unsubscribed', 'doNotEmail', 'isMarketingSuspended']
  return choice.startsWith('marketing.') ? ['isMarketingSuspended'] : []
}

export interface ConsentCondition {
  /** Fields with a value: one that refuses withholds the person. `marketing.any` stands for each kind of marketing that says nothing itself. */
  readonly values: readonly string[]
  /** Flags that withhold the person where they are true. */
  readonly flags: readonly string[]
  /** The person is withheld unless one of the values allows. */
  readonly mustBeKnown: boolean
}

/** Everything that a person must pass, by the fields that the schema has. */
export function conditionsOf({ require, onUnknown }: ConsentRule, person: EntitySchema): readonly ConsentCondition[] {
  const has = (field: string): boolean => Object.hasOwn(person.fields, field)
  const condition = (choice: string, mustBeKnown: boolean): ConsentCondition => {
    const choices = choice.startsWith('marketing.') && choice !== anyMarketing ? [choice, anyMarketing] : [choice]
    return { values: choices.map((each) => `consents.${each}`).filter(has), flags: flagsOf(choice).filter(has), mustBeKnown }
  }
  return [condition(generalChoice, false), ...require.map((each) => condition(each, onUnknown === 'withhold'))]
}

/** Why a person is withheld: the field that says so and what it says; nothing when the choice is not known. */
export interface Refusal {
  readonly field: string
  readonly value?: string | boolean
}

/** Undefined when the person may be sent. */
export function findRefusal(conditions: readonly ConsentCondition[], person: JsonObject): Refusal | undefined {
  for (const { values, flags, mustBeKnown } of conditions) {
    const given = values.map((field) => ({ field, value: textAt(person, field) }))
    const refusing = given.find(({ value }) => value !== undefined && meaningOf(value) === 'refuses')
    if (refusing?.value !== undefined) return { field: refusing.field, value: refusing.value }
    const flag = flags.find((field) => valueAt(person, field) === true)
    if (flag !== undefined) return { field: flag, value: true }
    if (mustBeKnown && !given.some(({ value }) => value !== undefined && meaningOf(value) === 'allows')) return { field: given[0]?.field ?? 'consents' }
  }
  return undefined
}

/** As the engine of the store trims: spaces only. */
function meaningOf(value: string): 'allows' | 'refuses' | 'open' {
  const plain = value.replaceAll(/^ +| +$/g, '').toLowerCase()
  if (allowingValues.some((each) => each === plain)) return 'allows'
  return openValues.some((each) => each === plain) ? 'open' : 'refuses'
}

function textAt(person: JsonObject, field: string): string | undefined {
  const value = valueAt(person, field)
  return typeof value === 'string' ? value : undefined
}

function valueAt(person: JsonObject, field: string): Json | undefined {
  let value: Json | undefined = person
  for (const key of field.split('.')) value = isJsonObject(value ?? null) ? (value as JsonObject)[key] : undefined
  return value
}
