import { defineFunction } from './function-spec.js'

export const sum = defineFunction({
  name: 'sum', signature: '<a<n>:n>', gives: 'number',
  closure: (numbers: readonly number[] | undefined) => {
    if (numbers === undefined) return undefined
    let total = 0
    for (const each of numbers) total += each
    return total
  },
})
