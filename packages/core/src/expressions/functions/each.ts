import { type FunctionValue, arityOf } from '../closure/function-value.js'
import { newSequence, addItem, keysOf } from '../closure/values.js'
import { callWithArity } from './higher-order.js'
import { defineFunction } from './function-spec.js'

export const each = defineFunction({
  name: 'each', signature: '<o-f:a>',
  closure: (object: Readonly<Record<string, unknown>> | undefined, func: FunctionValue) => {
    const results = newSequence()
    for (const key of keysOf(object)) {
      const result = callWithArity(func, arityOf(func), [object?.[key], key, object])
      if (result !== undefined) addItem(results, result)
    }
    return results
  },
})
