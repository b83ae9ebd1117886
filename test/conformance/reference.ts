// The oracle: npm jsonata as it is, with its own regular expressions and without our guards, at one fixed instant.
import jsonata from 'jsonata'
import { type Verdict } from '../../packages/core/src/expressions/is-true.js'
import type { Json } from '../../packages/core/src/kernel/json.js'

export interface ReferenceAnswer {
  readonly verdict: Verdict
  /** What jsonata gave, before the cast, which can fail by itself; none when jsonata failed. */
  readonly given?: { readonly value: unknown }
}

export interface Reference {
  /** Pass a copy that nobody else uses: jsonata writes into its input. */
  evaluate(document: Json): Promise<ReferenceAnswer>
}

const dayMs = 86_400_000
const hourMs = 3_600_000
const cast = jsonata('$boolean($value)')
const format = jsonata('$fromMillis($ms, $picture, $zone)')

/** An expression that cannot be parsed fails for every profile, with the parser's code. */
export function toReference(text: string, nowMs: number): Reference {
  const expression = compile(text)
  if ('code' in expression) return { evaluate: async () => ({ verdict: { is: 'error', code: expression.code } }) }
  fixPictureClock(text, expression, nowMs)
  expression.registerFunction('millis', () => nowMs, '<:n>')
  const bindings = toBindings(nowMs)
  return {
    async evaluate(document) {
      try {
        const value: unknown = await expression.evaluate(document, bindings)
        return { verdict: await toVerdict(value), given: { value } }
      } catch (error) {
        return { verdict: { is: 'error', code: codeOf(error) } }
      }
    },
  }
}

async function toVerdict(value: unknown): Promise<Verdict> {
  try {
    return (await cast.evaluate({}, { value })) === true ? { is: 'in' } : { is: 'out' }
  } catch (error) {
    return { is: 'error', code: codeOf(error) }
  }
}

function compile(text: string): jsonata.Expression | { readonly code: string } {
  try {
    return jsonata(text)
  } catch (error) {
    return { code: codeOf(error) }
  }
}

/** Failures without a code are failures of the evaluator itself (stack overflow, invalid date); D9001 is our code for them. */
function codeOf(error: unknown): string {
  return (error as { readonly code?: string }).code ?? 'D9001'
}

function toBindings(nowMs: number): Record<string, unknown> {
  const instant = (ms: number): string => new Date(ms).toISOString()
  return {
    vars: {},
    now: (picture?: string, zone?: string) => (picture === undefined ? instant(nowMs) : format.evaluate({}, { ms: nowMs, picture, zone })),
    daysAgo: (days: number) => instant(nowMs - days * dayMs),
    hoursAgo: (hours: number) => instant(nowMs - hours * hourMs),
  }
}

// $toMillis with a picture takes missing parts from a clock that cannot be bound; it can be set where evaluation enters a node.
function fixPictureClock(text: string, expression: jsonata.Expression, nowMs: number): void {
  if (!text.includes('$toMillis')) return
  const enter = (_node: unknown, _input: unknown, environment: { timestamp?: Date }): void => { environment.timestamp = new Date(nowMs) }
  expression.assign(Symbol.for('jsonata.__evaluate_entry') as unknown as string, enter)
}
