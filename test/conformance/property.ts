// The property that binds the evaluators: on random expressions and random profiles they say what the reference says.
// Expressions come in batches, each with profiles of its own; the seed of a run tells everything that happens in it.
import type { JsonObject } from '../../packages/core/src/kernel/json.js'
import { arbitraryExpression } from './arbitrary-expressions.js'
import { arbitraryProfile } from './arbitrary-profiles.js'
import { StoreOracle, closureDisagreement, storeDisagreements, storeProfiles } from './disagreements.js'
import { sampleOf } from './draw.js'
import { type Model } from './model.js'
import { type Phrase, toText } from './phrase.js'
import { shrink } from './shrink.js'

export interface PropertyRequest {
  readonly model: Model
  /** How many expressions. */
  readonly runs: number
  readonly seed: number
  /** Stops after so many disagreements. */
  readonly most?: number
  readonly onBatch?: (progress: { readonly expressions: number; readonly disagreements: number }) => void
}

export interface Disagreement {
  readonly evaluator: 'closure' | 'SQL'
  /** As it was drawn. */
  readonly drawn: string
  /** Made smaller. */
  readonly expression: string
  readonly profiles: readonly JsonObject[]
  readonly how: string
}

const batchSize = 150
const wildProfiles = 24
const storedProfiles = 60

export async function findDisagreements({ model, runs, seed, most = 10, onBatch }: PropertyRequest): Promise<readonly Disagreement[]> {
  const found = new Map<string, Disagreement>()
  for (let from = 0; from < runs && found.size < most; from += batchSize) {
    const phrases = sampleOf(arbitraryExpression(model), Math.min(batchSize, runs - from), seed + from)
    for (const each of [...(await inClosures(phrases, model, seed + from, most - found.size)), ...(await inStore(phrases, model, seed + from, most - found.size))]) {
      found.set(`${each.evaluator} ${each.expression}`, each)
    }
    onBatch?.({ expressions: from + phrases.length, disagreements: found.size })
  }
  return [...found.values()]
}

async function inClosures(phrases: readonly Phrase[], model: Model, seed: number, most: number): Promise<readonly Disagreement[]> {
  const profiles = sampleOf(arbitraryProfile(model, 'wild'), wildProfiles, seed)
  const found: Disagreement[] = []
  for (const phrase of phrases) {
    if (found.length >= most) break
    if ((await closureDisagreement(toText(phrase), profiles)) !== undefined) found.push({ evaluator: 'closure', drawn: toText(phrase), ...(await shrink(phrase, profiles, closureDisagreement)) })
  }
  return found
}

async function inStore(phrases: readonly Phrase[], model: Model, seed: number, most: number): Promise<readonly Disagreement[]> {
  const profiles = sampleOf(arbitraryProfile(model, 'tidy'), storedProfiles, seed)
  const stored = await storeProfiles(profiles, model)
  const oracle = new StoreOracle(model)
  try {
    const differing = (await storeDisagreements(phrases.map(toText), stored)).flatMap((how, index) => { const phrase = phrases[index]; return how === undefined || !phrase ? [] : [phrase] })
    const found: Disagreement[] = []
    for (const phrase of differing.slice(0, most)) found.push({ evaluator: 'SQL', drawn: toText(phrase), ...(await shrink(phrase, profiles, oracle.find)) })
    return found
  } finally {
    await oracle.close()
    await stored.store.close()
  }
}

/** As lines of text: what to look at, and what to put into kept-cases.jsonl. */
export function toDisagreementLines({ evaluator, drawn, expression, profiles, how }: Disagreement): readonly string[] {
  const drawnAs = drawn === expression ? [] : [`  drawn as: ${drawn}`]
  return [`${evaluator}: ${expression}`, `  ${how}`, `  ${JSON.stringify({ expression, profiles: profiles.slice(0, 1) })}`, ...drawnAs]
}
