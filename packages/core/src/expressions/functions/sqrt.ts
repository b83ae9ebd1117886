import { raise } from '../closure/failure.js'
import { defineFunction } from './function-spec.js'

export const sqrt = defineFunction({
  name: 'sqrt', signature: '<n-:n>', gives: 'number',
  closure: (value: number | undefined) => {
    if (value === undefined) return undefined
    return value < 0 ? raise({ code: 'D3060', index: 1, value }) : Math.sqrt(value)
  },
})
