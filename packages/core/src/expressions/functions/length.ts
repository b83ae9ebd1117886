import { sqlText } from '../../kernel/sql-text.js'
import { plain } from '../sql/value.js'
import { areText } from './sql-operands.js'
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
  sql: ([text], tools) => (text && areText(text) && text.mappedFrom === undefined ? plain(sqlText`length(${tools.text(text)})::double`, 'number', [text]) : undefined),
})
