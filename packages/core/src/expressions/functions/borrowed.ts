// Functions that are rare in conditions and long to write: the package's own code runs them.
import { libraryFunction } from '../jsonata.js'
import { run } from '../closure/run.js'
import { newSequence, sequenceOf } from '../closure/values.js'
import { type FunctionSpec, defineFunction } from './function-spec.js'

export function borrow(name: string, signature: string, gives: FunctionSpec['gives']): FunctionSpec {
  return defineFunction({ name, signature, gives, closure: (...args: readonly unknown[]) => callBorrowed(name, args) })
}

/** Only synchronous functions of the package can be called like this. */
export function callBorrowed(name: string, args: readonly unknown[]): unknown {
  const site = { createSequence: (...items: readonly unknown[]) => (items.length === 1 ? sequenceOf(items[0]) : newSequence()), environment: { timestamp: new Date(run.nowMs) } }
  return Reflect.apply(libraryFunction(name).implementation, site, args)
}
