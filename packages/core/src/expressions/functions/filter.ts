import type { FunctionValue } from '../closure/function-value.js'
import { Sequence, truth } from '../closure/values.js'
import { defineFunction } from './function-spec.js'
import { forEachResult } from './higher-order.js'

export const filter = defineFunction({
  name: 'filter', signature: '<af>',
  closure: (items: readonly unknown[] | undefined, func: FunctionValue) => {
    if (items === undefined) return undefined
    const kept = new Sequence()
    forEachResult(func, items, (result, item) => {
      if (truth(result)) kept.add(item)
    })
    return kept
  },
})
