import { raise } from '../closure/failure.js'
import type { FunctionValue } from '../closure/function-value.js'
import { mergeSort } from '../closure/merge-sort.js'
import { isListOfNumbers, isListOfStrings } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

export const sort = defineFunction({
  name: 'sort', signature: '<af?:a>',
  closure: (items: readonly unknown[] | undefined, swaps: FunctionValue | undefined) => {
    if (items === undefined || items.length <= 1) return items
    if (swaps) return mergeSort(items, (a, b) => Boolean(swaps(a, b)))
    if (!isListOfNumbers(items) && !isListOfStrings(items)) raise({ code: 'D3070', index: 1 })
    return mergeSort(items, (a, b) => (a as number) > (b as number))
  },
})
