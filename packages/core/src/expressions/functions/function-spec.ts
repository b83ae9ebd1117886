// What there is to say of one JSONata function: its name, which arguments it takes, and how each evaluator runs it.
import type { CallSite, Implementation } from '../closure/function-value.js'
import type { SqlForm } from './sql-form.js'

/** JavaScript for the usual case, which generated code uses when the arguments are of these types; else it calls the function. */
export interface Shortcut {
  readonly takes: readonly ('string' | 'number')[]
  /** How many arguments at the end may be left out. */
  readonly optional?: number
  /** Code, from names of variables; or */
  readonly js?: (...args: readonly string[]) => string
  /** a function that may rely on the types. */
  readonly run?: (...args: never[]) => unknown
  /** That arguments of these types never make it fail. */
  readonly isTotal?: boolean
}

export interface FunctionSpec {
  readonly name: string
  /** In JSONata's notation: `<s-n?:s>`; undefined for functions that take anything. */
  readonly signature: string | undefined
  /** What it gives when it does not give undefined. */
  readonly gives: 'boolean' | 'number' | 'string' | 'any'
  readonly closure: Implementation
  readonly shortcut?: Shortcut
  readonly sql?: SqlForm
}

interface Definition<Args extends readonly unknown[]> extends Omit<FunctionSpec, 'closure' | 'gives'> {
  readonly gives?: FunctionSpec['gives']
  /** Arguments come as the signature says, or undefined. */
  readonly closure: (...args: Args) => unknown
}

export function defineFunction<Args extends readonly unknown[]>({ closure, gives = 'any', ...rest }: Definition<Args>): FunctionSpec {
  return { ...rest, gives, closure: (_site, ...args) => closure(...(args as unknown as Args)) }
}

/** A function that asks where it is called: for the context, or for variables. */
export function defineSiteFunction<Args extends readonly unknown[]>({ closure, gives = 'any', ...rest }: Omit<Definition<Args>, 'closure'> & { readonly closure: (site: CallSite, ...args: Args) => unknown }): FunctionSpec {
  return { ...rest, gives, closure: (site, ...args) => closure(site, ...(args as unknown as Args)) }
}
