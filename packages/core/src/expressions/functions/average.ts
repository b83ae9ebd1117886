import { defineFunction } from './function-spec.js'

export const average = defineFunction({
  name: 'average', signature: '<a<n>:n>', gives: 'number',
  closure: (numbers: readonly number[] | undefined) => (numbers === undefined || numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0) / numbers.length),
})
