import type { FunctionValue } from '../closure/function-value.js'
import { newSequence, addItem, truth } from '../closure/values.js'
import { defineFunction } from './function-spec.js'
import { forEachResult } from './higher-order.js'

export const filter = defineFunction({
  name: 'filter', signature: '<af>',
  closure: (items: readonly unknown[] | undefined, func: FunctionValue) => {
    if (items === undefined) return undefined
    const kept = newSequence()
    forEachResult(func, items, (result, item) => {
      if (truth(result)) addItem(kept, item)
    })
    return kept
  },
})
