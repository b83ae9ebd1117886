import type { FunctionValue } from '../closure/function-value.js'
import { newSequence, addItem } from '../closure/values.js'
import { defineFunction } from './function-spec.js'
import { forEachResult } from './higher-order.js'

export const map = defineFunction({
  name: 'map', signature: '<af>',
  closure: (items: readonly unknown[] | undefined, func: FunctionValue) => {
    if (items === undefined) return undefined
    const results = newSequence()
    forEachResult(func, items, (result) => {
      if (result !== undefined) addItem(results, result)
    })
    return results
  },
})
