import { raise } from '../closure/failure.js'
import { callBorrowed } from './borrowed.js'
import { findMillis } from './iso-time.js'
import { defineFunction } from './function-spec.js'

// The reference's own pattern; what passes it and is no date gives NaN.
const timestamp = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/

export function millisOf(text: string): number {
  const millis = findMillis(text)
  if (millis === millis) return millis
  return timestamp.test(text) ? Date.parse(text) : raise({ code: 'D3110', value: text })
}

export const toMillis = defineFunction({
  name: 'toMillis', signature: '<s-s?:n>', gives: 'number',
  closure: (text: string | undefined, picture: string | undefined) => {
    if (text === undefined) return undefined
    return picture === undefined ? millisOf(text) : callBorrowed('toMillis', [text, picture])
  },
  shortcut: { takes: ['string'], run: millisOf },
})
