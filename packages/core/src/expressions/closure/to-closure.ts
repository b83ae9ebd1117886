// A syntax tree → a synchronous function that gives what jsonata 2.2.2 gives: the same value, the same error.
import { type Json, isJsonObject } from '../../kernel/json.js'
import type { Bindings, Outcome, TextRange } from '../expression.js'
import { rangeOf } from '../places.js'
import type { SyntaxNode } from '../syntax-tree.js'
import { findDeclined } from './declined.js'
import { explain, isFailure } from './failure.js'
import { type Frame, frameIn } from './frame.js'
import type { Evaluator } from './function-value.js'
import { asInput, toBaseFrame } from './library.js'
import { toPlainValue } from './plain-value.js'
import { endRun, startRun } from './run.js'
import { type DocumentFunction, type Fast, toFast } from './fast/to-fast.js'
import { toEvaluator } from './to-evaluator.js'
import { asTree } from './tree-node.js'
import { truth } from './values.js'

export type Closed = { readonly accepted: true; readonly closure: Closure } | { readonly accepted: false; readonly reason: string; readonly range?: TextRange }

export interface Closure {
  /** Never throws for what the expression does. `variables` are bound as `$name`. */
  evaluate(document: Json | undefined, bindings: Bindings, variables?: Readonly<Record<string, unknown>>): Outcome
  /** Whether the result counts as true; the code when it is an error. */
  matches(document: Json | undefined, bindings: Bindings): boolean | string
}

export interface ClosureOptions {
  /** Functions that the expression may call besides those of the library. */
  readonly functions?: Readonly<Record<string, unknown>>
}

export function toClosure(tree: SyntaxNode, text: string, options: ClosureOptions = {}): Closed {
  const declined = findDeclined(tree)
  if (declined) return { accepted: false, reason: declined.reason, range: rangeOf(declined.node, text) }
  const evaluator = compile(tree)
  if (typeof evaluator === 'string') return { accepted: false, reason: evaluator }
  const base = toBaseFrame(options.functions)
  const exact = new ExactClosure(evaluator, base)
  const fast = toFast(asTree(tree), base, new Set(Object.keys(options.functions ?? {})))
  return { accepted: true, closure: fast ? new FastClosure(fast, exact) : exact }
}

function compile(tree: SyntaxNode): Evaluator | string {
  try {
    return toEvaluator(asTree(tree))
  } catch (error) {
    // A regex that the linear engine does not know.
    return error instanceof Error ? error.message : String(error)
  }
}

class ExactClosure implements Closure {
  readonly value: DocumentFunction<unknown> = (document, vars) => this.run(document, vars)
  readonly truth: DocumentFunction<boolean> = (document, vars) => truth(this.run(document, vars))

  constructor(
    private readonly evaluator: Evaluator,
    private readonly base: Frame,
  ) {}

  evaluate(document: Json | undefined, bindings: Bindings, variables?: Readonly<Record<string, unknown>>): Outcome {
    const before = startRun(bindings.nowMs)
    try {
      return { ok: true, value: toPlainValue(this.run(document, bindings.vars, variables)) }
    } catch (error) {
      return toFailedOutcome(error)
    } finally {
      endRun(before)
    }
  }

  matches(document: Json | undefined, bindings: Bindings): boolean | string {
    const before = startRun(bindings.nowMs)
    try {
      return this.truth(document, bindings.vars)
    } catch (error) {
      return codeOf(error)
    } finally {
      endRun(before)
    }
  }

  private run(document: unknown, vars: unknown, variables?: Readonly<Record<string, unknown>>): unknown {
    const frame = frameIn(this.base)
    frame['vars'] = vars
    Object.assign(frame, variables)
    frame['$'] = document
    return this.evaluator(asInput(document), frame)
  }
}

/** Generated code for documents that are objects; the exact evaluator for others, and for the details of errors. */
class FastClosure implements Closure {
  #value: DocumentFunction<unknown> | undefined
  #truth: DocumentFunction<boolean> | undefined

  constructor(
    private readonly fast: Fast,
    private readonly exact: ExactClosure,
  ) {}

  evaluate(document: Json | undefined, bindings: Bindings, variables?: Readonly<Record<string, unknown>>): Outcome {
    if (variables !== undefined || !isJsonObject(document)) return this.exact.evaluate(document, bindings, variables)
    const before = startRun(bindings.nowMs)
    try {
      const value = (this.#value ??= this.fast.value() ?? this.exact.value)
      return { ok: true, value: toPlainValue(value(document, bindings.vars)) }
    } catch {
      return this.exact.evaluate(document, bindings)
    } finally {
      endRun(before)
    }
  }

  matches(document: Json | undefined, bindings: Bindings): boolean | string {
    if (!isJsonObject(document)) return this.exact.matches(document, bindings)
    const before = startRun(bindings.nowMs)
    try {
      const matches = (this.#truth ??= this.fast.truth() ?? this.exact.truth)
      return matches(document, bindings.vars)
    } catch (error) {
      return codeOf(error)
    } finally {
      endRun(before)
    }
  }
}

// D9001 is ours: a failure of the evaluator itself, where the reference fails without a code of JSONata's too.
function codeOf(error: unknown): string {
  if (isFailure(error)) return error.code
  return isStackOverflow(error) ? 'D1011' : 'D9001'
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack')
}

function toFailedOutcome(error: unknown): Outcome {
  const code = codeOf(error)
  if (!isFailure(error)) return { ok: false, code, message: isStackOverflow(error) ? (explain({ code, value: 1000 }).message ?? code) : String(error) }
  const failure = explain(error)
  return { ok: false, code, message: failure.message ?? code, failure }
}
