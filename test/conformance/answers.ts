// What an evaluator says of one expression over a list of profiles, and how two such answers differ.
import type { Expression, Outcome } from '../../packages/core/src/expressions/expression.js'
import { type Verdict, toVerdict } from '../../packages/core/src/expressions/is-true.js'
import { parseExpression } from '../../packages/core/src/expressions/parse.js'
import type { Json } from '../../packages/core/src/kernel/json.js'
import { toReference } from './reference.js'

/** One verdict per profile, in their order. */
export type Answers = readonly Verdict[]

/** `document` gives a copy each time it is asked: the reference writes into what it gets. */
export interface Documents {
  readonly count: number
  copy(index: number): Json
}

export function documentsOf(texts: readonly string[]): Documents {
  return { count: texts.length, copy: (index) => JSON.parse(texts[index] ?? 'null') as Json }
}

export async function askReference(text: string, documents: Documents, nowMs: number): Promise<Answers> {
  const reference = toReference(text, nowMs)
  const answers: Verdict[] = []
  for (let index = 0; index < documents.count; index++) answers.push((await reference.evaluate(documents.copy(index))).verdict)
  return answers
}

/** What the product makes of an expression; `refused` when it does not accept it. */
export type Ours = { readonly is: 'refused'; readonly code: string } | { readonly is: 'accepted'; readonly expression: Expression }

export function parseOurs(text: string): Ours {
  const parsed = parseExpression(text)
  return parsed.ok ? { is: 'accepted', expression: parsed.expression } : { is: 'refused', code: parsed.problems[0]?.code ?? 'S0500' }
}

/** Hand the documents out frozen: then an evaluator that writes into its input fails. */
export async function askOurs(evaluate: (document: Json) => Outcome | Promise<Outcome>, documents: readonly Json[]): Promise<Answers> {
  const answers: Verdict[] = []
  for (const document of documents) {
    const outcome = evaluate(document)
    answers.push(toVerdict(outcome instanceof Promise ? await outcome : outcome))
  }
  return answers
}

export function deeplyFrozen(value: Json): Json {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deeplyFrozen)
    Object.freeze(value)
  }
  return value
}

/** The differences in words, a few of them: `p0003 in, not out`. Undefined when there are none. */
export function findDifferences(found: Answers, wanted: Answers, ids: readonly string[]): string | undefined {
  const differing = ids.flatMap((id, index) => {
    const [is, should] = [shownVerdict(found[index]), shownVerdict(wanted[index])]
    return is === should ? [] : [`${id} ${is}, not ${should}`]
  })
  return differing.length === 0 ? undefined : someOf(differing)
}

export function someOf(texts: readonly string[], most = 4): string {
  const more = texts.length - most
  return more > 0 ? `${texts.slice(0, most).join('; ')}; and ${String(more)} more` : texts.join('; ')
}

export function idsWhere(answers: Answers, ids: readonly string[], is: Verdict['is']): readonly string[] {
  return ids.filter((_, index) => answers[index]?.is === is)
}

export function countErrors(answers: Answers): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const each of answers) if (each.is === 'error') counts.set(each.code, (counts.get(each.code) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function shownVerdict(verdict: Verdict | undefined): string {
  return verdict === undefined ? 'unanswered' : verdict.is === 'error' ? `error ${verdict.code}` : verdict.is
}
