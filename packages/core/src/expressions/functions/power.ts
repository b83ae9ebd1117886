import { raise } from '../closure/failure.js'
import { defineFunction } from './function-spec.js'

export const power = defineFunction({
  name: 'power', signature: '<n-n:n>', gives: 'number',
  closure: (base: number | undefined, exponent: number) => {
    if (base === undefined) return undefined
    const result = Math.pow(base, exponent)
    return Number.isFinite(result) ? result : raise({ code: 'D3061', index: 1, value: base, exp: exponent })
  },
})
