// One expression on a few profiles by two evaluators: does what they say differ? The reference decides what is right.
import type { Expression } from '../../packages/core/src/expressions/expression.js'
import { toVerdict } from '../../packages/core/src/expressions/is-true.js'
import type { Json, JsonObject } from '../../packages/core/src/kernel/json.js'
import { deeplyFrozen, parseOurs, shownVerdict, someOf } from './answers.js'
import { nowMs } from './arbitrary-values.js'
import { askSql } from './ask-sql.js'
import { type LoadedStore, loadProfiles } from './load-profiles.js'
import { type Model, relationNames } from './model.js'
import { onlyWhatIsRead } from './only-what-is-read.js'
import { toPlainText } from './plain-value.js'
import { type ReferenceAnswer, toReference } from './reference.js'
import { toStoredForm } from './stored-form.js'

/** How an evaluator differs from the reference on the profiles, in words; undefined when it does not. */
export type FindDisagreement = (expression: string, profiles: readonly JsonObject[]) => Promise<string | undefined>

/** The closure on profiles as they are: the value itself has to be the same, not only whether it counts as true. */
export async function closureDisagreement(expression: string, profiles: readonly JsonObject[]): Promise<string | undefined> {
  const [reference, ours] = [toReference(expression, nowMs), parseOurs(expression)]
  for (const profile of profiles) {
    const wanted = shownReference(await reference.evaluate(structuredClone(profile)))
    const found = ours.is === 'refused' ? `not accepted (${ours.code})` : await shownOurs(ours.expression, profile)
    if (found !== wanted && !(ours.is === 'refused' && isSyntaxError(wanted))) return `${found}, not ${wanted}`
  }
  return undefined
}

async function shownOurs(expression: Expression, profile: JsonObject): Promise<string> {
  const outcome = await expression.evaluate(deeplyFrozen(structuredClone(profile)), { nowMs, vars: {} })
  return outcome.ok ? toPlainText(outcome.value) : `error ${outcome.code}`
}

function shownReference({ verdict, given }: ReferenceAnswer): string {
  return given === undefined && verdict.is === 'error' ? `error ${verdict.code}` : toPlainText(given?.value)
}

function isSyntaxError(shown: string): boolean {
  return shown.startsWith('error S')
}

/** The closure on documents with only what the expression is said to read, against the same on the whole ones. */
export async function readsDisagreement(expression: string, profiles: readonly JsonObject[]): Promise<string | undefined> {
  const ours = parseOurs(expression)
  if (ours.is === 'refused') return undefined
  const { reads } = ours.expression
  const ask = async (document: JsonObject): Promise<string> => shownVerdict(toVerdict(await ours.expression.evaluate(document, { nowMs, vars: {} })))
  for (const profile of profiles) {
    const whole = { ...Object.fromEntries(relationNames.map((name) => [name, []])), ...profile }
    const [found, wanted] = [await ask(onlyWhatIsRead(whole, reads)), await ask(whole)]
    if (found !== wanted) return `${found} with only ${reads.columns.join(', ') || 'nothing'}, not ${wanted}`
  }
  return undefined
}

/** Profiles in a store, and what the reference makes of them as they come back. */
export interface StoredProfiles extends LoadedStore {
  readonly texts: readonly string[]
}

export async function storeProfiles(profiles: readonly JsonObject[], model: Model): Promise<StoredProfiles> {
  const cases = profiles.map((each, index) => ({ id: `p${String(index + 1)}`, text: JSON.stringify(each) }))
  const loaded = await loadProfiles(toStoredForm(cases, model), nowMs)
  return { ...loaded, texts: loaded.documents.map((each) => JSON.stringify(each)) }
}

/** The store's answers to the expressions, each against the reference; in words where they differ. */
export async function storeDisagreements(expressions: readonly string[], stored: StoredProfiles): Promise<readonly (string | undefined)[]> {
  const answers = await askSql({ loaded: stored, expressions, nowMs })
  const found: (string | undefined)[] = []
  for (const [index, expression] of expressions.entries()) {
    const answer = answers[index]
    found.push(answer?.is === 'answered' ? await againstReference(expression, stored.texts, answer) : (answer?.message ?? 'no answer'))
  }
  return found
}

async function againstReference(expression: string, texts: readonly string[], { places, errors }: { readonly places: readonly number[]; readonly errors: Readonly<Record<string, number>> }): Promise<string | undefined> {
  const reference = toReference(expression, nowMs)
  const matching = new Set(places)
  const problems: string[] = []
  const wantedErrors = new Map<string, number>()
  for (const [place, text] of texts.entries()) {
    const { verdict } = await reference.evaluate(JSON.parse(text) as Json)
    if (verdict.is === 'error') wantedErrors.set(verdict.code, (wantedErrors.get(verdict.code) ?? 0) + 1)
    const wanted = shownVerdict(verdict)
    if (matching.has(place) !== (verdict.is === 'in')) problems.push(`p${String(place + 1)} ${matching.has(place) ? 'in' : 'out'}, not ${wanted}`)
  }
  const [shown, wanted] = [JSON.stringify(errors), JSON.stringify(Object.fromEntries([...wantedErrors].sort(([a], [b]) => (a < b ? -1 : 1))))]
  if (shown !== wanted) problems.push(`errors ${shown}, not ${wanted}`)
  return problems.length === 0 ? undefined : someOf(problems)
}

/** The store on one expression. Stores of the same profiles are kept while the expression is made smaller. */
export class StoreOracle {
  #last: { readonly key: string; readonly stored: StoredProfiles } | undefined

  constructor(private readonly model: Model) {}

  readonly find: FindDisagreement = async (expression, profiles) => (await storeDisagreements([expression], await this.stored(profiles)))[0]

  async close(): Promise<void> {
    await this.#last?.stored.store.close()
    this.#last = undefined
  }

  private async stored(profiles: readonly JsonObject[]): Promise<StoredProfiles> {
    const key = JSON.stringify(profiles)
    if (this.#last?.key === key) return this.#last.stored
    await this.close()
    const stored = await storeProfiles(profiles, this.model)
    this.#last = { key, stored }
    return stored
  }
}
