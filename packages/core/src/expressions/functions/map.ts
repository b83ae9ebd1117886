import type { FunctionValue } from '../closure/function-value.js'
import { Sequence } from '../closure/values.js'
import { defineFunction } from './function-spec.js'
import { forEachResult } from './higher-order.js'

export const map = defineFunction({
  name: 'map', signature: '<af>',
  closure: (items: readonly unknown[] | undefined, func: FunctionValue) => {
    if (items === undefined) return undefined
    const results = new Sequence()
    forEachResult(func, items, (result) => {
      if (result !== undefined) results.add(result)
    })
    return results
  },
})
