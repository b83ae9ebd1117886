import { type FunctionValue, arityOf } from '../closure/function-value.js'
import { truth, keysOf } from '../closure/values.js'
import { callWithArity } from './higher-order.js'
import { defineFunction } from './function-spec.js'

export const sift = defineFunction({
  name: 'sift', signature: '<o-f?:o>',
  closure: (object: Readonly<Record<string, unknown>> | undefined, func: FunctionValue) => {
    const kept = Object.create(null) as Record<string, unknown>
    for (const key of keysOf(object)) {
      const value = object?.[key]
      if (truth(callWithArity(func, arityOf(func), [value, key, object]))) kept[key] = value
    }
    return Object.keys(kept).length === 0 ? undefined : kept
  },
})
