// The property that binds the evaluators: on random expressions and random profiles they say what the reference says.
// Expressions come in batches, each with profiles of its own; the seed of a run tells everything that happens in it.
import type { JsonObject } from '../../packages/core/src/kernel/json.js'
import { arbitraryExpression } from './arbitrary-expressions.js'
import { arbitraryProfile } from './arbitrary-profiles.js'
import { type FindDisagreement, StoreOracle, closureDisagreement, readsDisagreement, storeDisagreements, storeProfiles } from './disagreements.js'
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
  readonly evaluator: 'closure' | 'SQL' | 'reads'
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
    const batch = { phrases, model, seed: seed + from, most: most - found.size }
    for (const each of [...(await inClosures(batch)), ...(await inReads(batch)), ...(await inStore(batch))]) found.set(`${each.evaluator} ${each.expression}`, each)
    onBatch?.({ expressions: from + phrases.length, disagreements: found.size })
  }
  return [...found.values()]
}

interface Batch {
  readonly phrases: readonly Phrase[]
  readonly model: Model
  readonly seed: number
  readonly most: number
}

function inClosures({ model, seed, ...batch }: Batch): Promise<readonly Disagreement[]> {
  return eachAlone('closure', { ...batch, profiles: sampleOf(arbitraryProfile(model, 'wild'), wildProfiles, seed), find: closureDisagreement })
}

function inReads({ model, seed, ...batch }: Batch): Promise<readonly Disagreement[]> {
  return eachAlone('reads', { ...batch, profiles: sampleOf(arbitraryProfile(model, 'tidy'), wildProfiles, seed), find: readsDisagreement })
}

interface Alone {
  readonly phrases: readonly Phrase[]
  readonly most: number
  readonly profiles: readonly JsonObject[]
  readonly find: FindDisagreement
}

async function eachAlone(evaluator: Disagreement['evaluator'], { phrases, most, profiles, find }: Alone): Promise<readonly Disagreement[]> {
  const found: Disagreement[] = []
  for (const phrase of phrases) {
    if (found.length >= most) break
    if ((await find(toText(phrase), profiles)) !== undefined) found.push({ evaluator, drawn: toText(phrase), ...(await shrink(phrase, profiles, find)) })
  }
  return found
}

async function inStore({ phrases, model, seed, most }: Batch): Promise<readonly Disagreement[]> {
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
