// Whom destinations know already: asked of a few of those who would be sent, before anybody is. Nothing is changed there, and what
// cannot be asked stops no plan.
import type { Destination } from '../1-project/project.js'
import { type Diagnostic, DiagnosticLog } from '../kernel/diagnostic.js'
import { isCdpError } from '../kernel/error.js'
import type { DestinationCapabilities, Item, MatchResult, OpenDestination } from '../plugins/sdk.js'
import { estimate } from './estimate.js'
import type { MatchRate } from './plan.js'

/** A destination that can be asked. */
export interface Matching extends Pick<DestinationCapabilities, 'maxBatch'> {
  readonly match: NonNullable<OpenDestination['match']>
}

/** Undefined for a destination that cannot be asked. */
export type FindMatching = (destination: Destination) => Matching | undefined

export interface MatchQuestion {
  /** Those who would be sent. */
  readonly adds: number
  /** They are an estimate themselves. */
  readonly isEstimate: boolean
  readonly draw: (atMost: number) => Promise<readonly Item[]>
}

const mostAsked = 300

export class MatchRates {
  readonly #failed = new Map<string, string>()

  constructor(private readonly findMatching: FindMatching) {}

  /** Undefined where nobody can be asked. A destination that failed once is left alone: it would fail for every segment. */
  async of(destination: Destination, { adds, isEstimate, draw }: MatchQuestion): Promise<MatchRate | undefined> {
    // A dry run sends nothing, so it asks nothing either.
    if (adds <= 0 || destination.dryRun || this.#failed.has(destination.name)) return undefined
    const matching = await this.attempt(destination, () => this.findMatching(destination))
    if (!matching) return undefined
    const items = await draw(Math.min(mostAsked, matching.maxBatch))
    const counts = items.length === 0 ? undefined : await this.attempt(destination, async () => countAnswers(items, await matching.match(items)))
    if (!counts || counts.asked === 0) return undefined
    const { asked, one } = counts
    return { ...counts, found: estimate({ found: one, size: asked, of: adds }), isEstimate: isEstimate || asked < adds }
  }

  /** Of destinations that failed. Their codes only: in a message of theirs may be whom they were asked for. */
  warnings(): readonly Diagnostic[] {
    const log = new DiagnosticLog()
    for (const [destination, code] of this.#failed) log.report('plan/match-not-asked', { destination, code })
    return log.sorted()
  }

  private async attempt<T>({ name }: Destination, work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.#failed.set(name, isCdpError(error) ? error.code : 'connector/failed')
      return undefined
    }
  }
}

/** A connector that forgets somebody has said nothing of them: they were not asked. */
function countAnswers(items: readonly Item[], answers: readonly MatchResult[]): Pick<MatchRate, 'asked' | MatchResult['match']> {
  const byKey = new Map(answers.map(({ key, match }) => [key, match]))
  const count = (wanted: MatchResult['match']): number => items.filter(({ key }) => byKey.get(key) === wanted).length
  const [one, none, several] = [count('one'), count('none'), count('several')]
  return { asked: one + none + several, one, none, several }
}
