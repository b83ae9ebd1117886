// The first parameter of a function, which the context stands in for where it is left out: `$substring(0, 2)` works on the context.
import { functions } from './index.js'

export interface FirstParameter {
  /** Letters of the types that it takes, as signatures have them: `s`, `nsb`, `x`. */
  readonly types: string
  /** Fewer arguments than this, and the context is one of them. */
  readonly needed: number
}

const parameter = /(?:\(([a-z]+)\)|([a-z]))(?:<[^>]*>)?([-?+]*)/g

/** Undefined for functions that never look at the context. */
export function findFirstParameter(name: string): FirstParameter | undefined {
  const signature = functions.get(name)?.signature
  const all = [...(signature?.slice(1, signature.lastIndexOf(':')) ?? '').matchAll(parameter)]
  const [first] = all
  if (!first?.[3]?.includes('-')) return undefined
  return { types: first[1] ?? first[2] ?? 'x', needed: all.filter(([, , , marks = '']) => !marks.includes('?')).length }
}

/** How many there are, left out or not. */
export function parametersOf(name: string): number {
  const signature = functions.get(name)?.signature
  return [...(signature?.slice(1, signature.lastIndexOf(':')) ?? '').matchAll(parameter)].length
}

/** Whether a call with so many arguments, the first of this type, leaves the context out. */
export function isWithoutContext(name: string, given: number, firstType: string | undefined): boolean {
  const first = findFirstParameter(name)
  if (!first) return true
  return given >= first.needed && (first.types === 'x' || (firstType !== undefined && first.types.includes(firstType.charAt(0))))
}
