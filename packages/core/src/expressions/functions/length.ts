import { defineFunction } from './function-spec.js'

export const length = defineFunction({
  name: 'length', signature: '<s-:n>', gives: 'number',
  // In code points.
  closure: (text: string | undefined) => (text === undefined ? undefined : [...text].length),
})
