// The store's answer to many expressions in one pass, as the product asks it.
import type { HowMatched, SegmentMatches, SegmentRule } from '../../packages/core/src/matching/match.js'
import { matchSegments } from '../../packages/core/src/matching/match-segments.js'
import { type LoadedStore, casePaths } from './load-profiles.js'

export type SqlAnswer =
  /** `places` of the profiles that match, from 0, ascending; errors are counted by code. */
  | { readonly is: 'answered'; readonly places: readonly number[]; readonly errors: Readonly<Record<string, number>>; readonly how: HowMatched }
  | { readonly is: 'failed'; readonly message: string; readonly how: undefined }

export interface SqlQuestion {
  readonly loaded: Pick<LoadedStore, 'store' | 'entities'>
  readonly expressions: readonly string[]
  readonly nowMs: number
}

/** All in one pass. When that pass fails, one after the other, so that it is known which expression fails it. */
export async function askSql(question: SqlQuestion): Promise<readonly SqlAnswer[]> {
  try {
    return (await match(question)).map(toAnswer)
  } catch (error) {
    const answers: SqlAnswer[] = []
    for (const each of question.expressions) answers.push(await askAlone({ ...question, expressions: [each] }))
    return answers.some((each) => each.is === 'failed') ? answers : answers.map(() => toFailure(error, 'the pass of all expressions fails, each alone does not'))
  }
}

async function askAlone(question: SqlQuestion): Promise<SqlAnswer> {
  try {
    const [only] = await match(question)
    return only ? toAnswer(only) : { is: 'failed', message: 'no answer', how: undefined }
  } catch (error) {
    return toFailure(error, 'failed')
  }
}

function toFailure(error: unknown, what: string): SqlAnswer {
  const message = error instanceof Error ? error.message : String(error)
  return { is: 'failed', message: `${what}: ${message.split('\n', 1)[0] ?? ''}`, how: undefined }
}

function match({ loaded, expressions, nowMs }: SqlQuestion): Promise<readonly SegmentMatches[]> {
  const rules = expressions.map((expression, index): SegmentRule => ({ uid: index + 1, name: `segment-${String(index + 1)}`, entity: 'person', expression, paths: casePaths, vars: {}, readsSegments: [] }))
  return matchSegments({ store: loaded.store, entities: loaded.entities, rules, nowMs, segmentUids: {} })
}

function toAnswer(matches: SegmentMatches): SqlAnswer {
  return { is: 'answered', places: [...matches.ids].map((id) => id - 1), errors: matches.errors, how: matches.how }
}
