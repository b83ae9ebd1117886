import { defineFunction } from './function-spec.js'

const twoUnits = /[\uD800-\uDBFF]/

/** In code points. */
function lengthOf(text: string): number {
  return twoUnits.test(text) ? [...text].length : text.length
}

export const length = defineFunction({
  name: 'length', signature: '<s-:n>', gives: 'number',
  closure: (text: string | undefined) => (text === undefined ? undefined : lengthOf(text)),
  shortcut: { takes: ['string'], isTotal: true, run: lengthOf },
})
