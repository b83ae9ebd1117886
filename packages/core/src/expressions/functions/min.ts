import { defineFunction } from './function-spec.js'

export const min = defineFunction({
  name: 'min', signature: '<a<n>:n>', gives: 'number',
  closure: (numbers: readonly number[] | undefined) => (numbers === undefined || numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b), Infinity)),
})
