// The reference evaluator: the package jsonata with its guards, which are a fixed clock, a time limit, a depth limit and
// linear-time regexes. It is asynchronous and slow; closures are measured against it, and it does what they decline.
import { instantFromMs } from '../kernel/clock.js'
import type { Json } from '../kernel/json.js'
import { callBorrowed } from './functions/borrowed.js'
import { toPlainValue } from './closure/plain-value.js'
import type { Bindings, Outcome } from './expression.js'
import type { JsonataExpression, JsonataOptions } from './jsonata.js'
import { LinearRegExp } from './regex-engine.js'
import { type SyntaxNode, allNodes } from './syntax-tree.js'

export const referenceSettings: JsonataOptions = { RegexEngine: LinearRegExp as unknown as RegExpConstructor, timeout: 1000, stack: 1000, sequence: 1_000_000 }

export interface ReferenceRequest {
  readonly tree: SyntaxNode
  readonly document: Json
  readonly bindings: Bindings
  readonly functions?: Readonly<Record<string, unknown>> | undefined
}

export async function evaluateReference(compiled: JsonataExpression, { tree, document, bindings, functions }: ReferenceRequest): Promise<Outcome> {
  try {
    const input = [...allNodes(tree)].some(writesIntoInput) ? structuredClone(document) : document
    const value: unknown = await compiled.evaluate(input, toReferenceBindings(bindings, functions))
    return { ok: true, value: toPlainValue(value) }
  } catch (error) {
    return toFailure(error)
  }
}

// The reference writes into lists of its input for `a[]`, groupings and objects made from them (#591, #473), so those get a copy.
function writesIntoInput(node: SyntaxNode): boolean {
  const makesObject = node.type === 'unary' && node.value === '{'
  return makesObject || node.keepArray === true || node.keepSingletonArray === true || node.group !== undefined || node.type === 'transform'
}

const dayMs = 86_400_000
const hourMs = 3_600_000

function toReferenceBindings({ nowMs, vars }: Bindings, functions: ReferenceRequest['functions']): Record<string, unknown> {
  return {
    ...functions,
    vars,
    // Handed in for each evaluation: the reference keeps one clock for all evaluations that overlap.
    millis: () => nowMs,
    now: (picture?: string, zone?: string) => (picture === undefined ? instantFromMs(nowMs) : callBorrowed('fromMillis', [nowMs, picture, zone])),
    daysAgo: (days: number) => instantFromMs(nowMs - days * dayMs),
    hoursAgo: (hours: number) => instantFromMs(nowMs - hours * hourMs),
  }
}

// D9001 is ours: a failure of the evaluator itself that has no JSONata code (stack overflow, invalid date).
function toFailure(error: unknown): Outcome {
  const { code, message } = error as { readonly code?: string; readonly message?: string }
  return { ok: false, code: code ?? 'D9001', message: message ?? String(error), failure: { ...(error as object) } }
}
