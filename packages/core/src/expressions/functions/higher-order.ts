// How $map, $filter and the like call the function that they are given.
import { type FunctionValue, arityOf } from '../closure/function-value.js'
import { spend } from '../closure/run.js'

/** Only as many arguments as it takes, at least one. */
export function callWithArity(func: FunctionValue, arity: number, [value, key, all]: readonly [unknown, unknown, unknown]): unknown {
  if (arity >= 3) return func(value, key, all)
  return arity === 2 ? func(value, key) : func(value)
}

export function forEachResult(func: FunctionValue, items: readonly unknown[], use: (result: unknown, item: unknown, index: number) => void): void {
  const arity = arityOf(func)
  spend(items.length)
  for (const [index, item] of items.entries()) use(callWithArity(func, arity, [item, index, items]), item, index)
}
