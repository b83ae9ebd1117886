// What the rest of the program knows of a JSONata expression: how to evaluate it, and what it reads.
import type { Json, JsonObject } from '../kernel/json.js'
import type { SyntaxNode } from './syntax-tree.js'

/** An offset range in the expression's text, in UTF-16 units. */
export interface TextRange {
  readonly from: number
  readonly to: number
}

export interface ExpressionProblem {
  /** JSONata's own code (`S0202`, `T1006`) or ours. */
  readonly code: string
  readonly message: string
  readonly range: TextRange
}

/** One name at the root of what the expression sees, and where it is read: `accounts` at 9–17. */
export interface RootRead {
  readonly name: string
  readonly range: TextRange
}

/**
 * What becomes of what is read. `value`: it is looked at. `result`: the expression gives it, whoever asked may look at all of it.
 * `presence`: only whether it is there or how many there are; of a field that is all it has, of a row it is none of its fields.
 */
export type ReadAs = 'presence' | 'result' | 'value'

/** A path from the root, `accounts.employees`, and where its last name stands. `*` in it stands for every name. */
export interface PathRead {
  readonly path: string
  readonly as: ReadAs
  readonly range: TextRange
}

export interface Reads {
  /** Root names read, each with its first place; `*` when everything is read. */
  readonly roots: readonly RootRead[]
  /** Names read from `$vars`. */
  readonly vars: readonly RootRead[]
  /** Names read from `segments`. */
  readonly segments: readonly RootRead[]
  readonly usesClock: boolean
  /** Everything read, by its path from the root: `person.leadScore`, `events.eventType`; a path stands for all below it. */
  readonly columns: readonly string[]
  /** The same with their places, and what becomes of them. */
  readonly paths: readonly PathRead[]
}

/** What the evaluation is given besides the document. */
export interface Bindings {
  /** The one instant of the whole evaluation, in milliseconds. */
  readonly nowMs: number
  readonly vars: JsonObject
}

export type Outcome =
  /** `value` is undefined when the expression finds nothing. */
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly failure?: FailureDetails }

/** What JSONata says of an error besides its code: which value, which operator or function, where. */
export interface FailureDetails {
  readonly token?: unknown
  readonly position?: number | undefined
  readonly value?: unknown
  readonly [detail: string]: unknown
}

export interface Expression {
  readonly text: string
  readonly tree: SyntaxNode
  readonly reads: Reads
  /** The closure, unless there is something in the expression that it does not do exactly. */
  readonly evaluatedBy: 'closure' | 'reference'
  /** Why the closure does not evaluate it. */
  readonly declined: string | undefined
  /** Never throws for what the expression does: failures come back with JSONata's code. At once when a closure evaluates it. */
  evaluate(document: Json, bindings: Bindings): Outcome | Promise<Outcome>
  /** Whether the result counts as true; JSONata's code when evaluation fails. */
  matches(document: Json, bindings: Bindings): boolean | string | Promise<boolean | string>
  /** The same by the package jsonata, within its limits of time and depth. */
  reference(document: Json, bindings: Bindings): Promise<Outcome>
}

export type Parsed = { readonly ok: true; readonly expression: Expression } | { readonly ok: false; readonly problems: readonly ExpressionProblem[] }
