// Functions as JSONata values. They are JavaScript functions, so that a field access can tell them from data by `typeof`.
import type { Signature } from './signature.js'
import type { Frame } from './frame.js'
import type { TreeNode } from './tree-node.js'

/** A node of the tree, ready to run. */
export type Evaluator = (input: unknown, env: Frame) => unknown

/** Makes an evaluator of a part of the tree. */
export type Compile = (node: TreeNode) => Evaluator

/** What a library function knows of the place it is called from. */
export interface CallSite {
  readonly input: unknown
  readonly env: Frame
}

export type Implementation = (site: CallSite, ...args: readonly unknown[]) => unknown

export interface Lambda {
  readonly kind: 'lambda'
  readonly parameters: readonly string[]
  readonly body: Evaluator | undefined
  /** Instead of a body: a library function that was given some of its arguments. */
  readonly partial?: { readonly implementation: Implementation; readonly names: readonly string[] }
  readonly input: unknown
  readonly env: Frame
  readonly signature?: Signature | undefined
}

export interface Native {
  readonly kind: 'native'
  readonly name: string
  readonly implementation: Implementation
  /** For arguments that nobody checked: what is applied in part takes anything, and does with it what it does. */
  readonly unchecked: Implementation
  readonly signature?: Signature | undefined
  /** False when the arguments are certainly as the signature wants them: then it need not be asked. */
  readonly needsCheck?: ((args: readonly unknown[]) => boolean) | undefined
  readonly arity: number
  /** Names of the parameters in the reference's own code: partial application binds by them. */
  readonly parameters: readonly string[]
}

/** A function handed on as an argument, a matcher made by a regex, a function of the host. */
export interface Plain {
  readonly kind: 'plain'
  readonly arity: number
  readonly parameters: readonly string[]
}

export interface FunctionValue {
  (...args: readonly unknown[]): unknown
  about?: Lambda | Native | Plain
  /** Name and place of the last call, for messages. */
  token?: unknown
  position?: number | undefined
}

export function aboutOf(value: FunctionValue): Lambda | Native | Plain {
  return value.about ?? { kind: 'plain', arity: value.length, parameters: Array.from({ length: value.length }, (_, index) => `p${index}`) }
}

export function arityOf(value: FunctionValue): number {
  const about = aboutOf(value)
  return about.kind === 'lambda' ? about.parameters.length : about.arity
}

/** A call that ends a function's body: made by the caller, so that the stack does not grow. */
export class TailCall {
  constructor(
    readonly call: { readonly procedure: Evaluator; readonly arguments: readonly Evaluator[]; readonly token: unknown; readonly position: number | undefined },
    readonly input: unknown,
    readonly env: Frame,
  ) {}
}
