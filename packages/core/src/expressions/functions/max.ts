import { defineFunction } from './function-spec.js'

export const max = defineFunction({
  name: 'max', signature: '<a<n>:n>', gives: 'number',
  closure: (numbers: readonly number[] | undefined) => (numbers === undefined || numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.max(a, b), -Infinity)),
})
