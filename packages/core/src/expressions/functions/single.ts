import { raise } from '../closure/failure.js'
import { type FunctionValue, arityOf } from '../closure/function-value.js'
import { truth } from '../closure/values.js'
import { callWithArity } from './higher-order.js'
import { defineFunction } from './function-spec.js'

export const single = defineFunction({
  name: 'single', signature: '<af?>',
  closure: (items: readonly unknown[] | undefined, func: FunctionValue | undefined) => {
    if (items === undefined) return undefined
    const arity = func ? arityOf(func) : 0
    let found: { readonly item: unknown } | undefined
    for (const [index, item] of items.entries()) {
      if (func && !truth(callWithArity(func, arity, [item, index, items]))) continue
      if (found) raise({ code: 'D3138', index })
      found = { item }
    }
    return found ? found.item : raise({ code: 'D3139' })
  },
})
