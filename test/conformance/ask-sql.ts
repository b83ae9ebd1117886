// The store's answer to many expressions in one pass, as the product asks it.
import type { SegmentMatches, SegmentRule } from '../../packages/core/src/matching/match.js'
import { matchSegments } from '../../packages/core/src/matching/match-segments.js'
import { type LoadedStore, casePaths } from './load-profiles.js'

/** How the store came to its answer: wholly in SQL, in SQL with rows left undecided, or not in SQL. */
export interface HowRun {
  readonly ran: 'sql' | 'guarded' | 'closure'
  readonly undecided: number
}

export type SqlAnswer =
  /** `places` of the profiles that match, from 0, ascending; errors are counted by code. */
  | { readonly is: 'answered'; readonly places: readonly number[]; readonly errors: Readonly<Record<string, number>>; readonly how: HowRun | undefined }
  | { readonly is: 'failed'; readonly message: string; readonly how: undefined }

export interface SqlQuestion {
  readonly loaded: Pick<LoadedStore, 'store' | 'entities'>
  readonly expressions: readonly string[]
  readonly nowMs: number
}

/** All in one pass; when that pass fails, one by one, so that it is known which expression fails it. */
export async function askSql(question: SqlQuestion): Promise<readonly SqlAnswer[]> {
  try {
    return (await match(question)).map(toAnswer)
  } catch {
    return Promise.all(question.expressions.map((each) => askAlone({ ...question, expressions: [each] })))
  }
}

async function askAlone(question: SqlQuestion): Promise<SqlAnswer> {
  try {
    const [only] = await match(question)
    return only ? toAnswer(only) : { is: 'failed', message: 'no answer', how: undefined }
  } catch (error) {
    return { is: 'failed', message: `failed: ${error instanceof Error ? error.message : String(error)}`, how: undefined }
  }
}

function match({ loaded, expressions, nowMs }: SqlQuestion): Promise<readonly SegmentMatches[]> {
  const rules = expressions.map((expression, index): SegmentRule => ({ uid: index + 1, name: `segment-${String(index + 1)}`, entity: 'person', expression, paths: casePaths, vars: {}, readsSegments: [] }))
  return matchSegments({ store: loaded.store, entities: loaded.entities, rules, nowMs, segmentUids: {} })
}

function toAnswer(matches: SegmentMatches & { readonly how?: HowRun }): SqlAnswer {
  return { is: 'answered', places: [...matches.ids].map((id) => id - 1), errors: matches.errors, how: matches.how }
}
