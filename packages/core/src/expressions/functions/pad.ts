import { checkLength } from '../closure/values.js'
import { substringOf } from './substring.js'
import { defineFunction } from './function-spec.js'

export const pad = defineFunction({
  name: 'pad', signature: '<s-ns?:s>', gives: 'string',
  closure: (text: string | undefined, width: number, filler: string | undefined) => {
    if (text === undefined) return undefined
    const whole = Math.trunc(width)
    const missing = Math.abs(whole) - [...text].length
    if (!(missing > 0)) return text
    checkLength(missing)
    const char = filler === undefined || filler === '' ? ' ' : filler
    const repeated = char.repeat(missing)
    const padding = char.length > 1 ? substringOf(repeated, 0, missing) : repeated
    return whole > 0 ? text + padding : padding + text
  },
})
