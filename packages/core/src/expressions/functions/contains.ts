import { sqlText } from '../../kernel/sql-text.js'
import { plain } from '../sql/value.js'
import { areText, comparedWith } from './sql-operands.js'
import type { FunctionValue } from '../closure/function-value.js'
import { firstMatch } from './matching-text.js'
import { defineFunction } from './function-spec.js'

export const contains = defineFunction({
  name: 'contains', signature: '<s-(sf):b>', gives: 'boolean',
  closure: (text: string | undefined, part: string | FunctionValue | undefined) => {
    if (text === undefined || part === undefined) return undefined
    return typeof part === 'string' ? text.includes(part) : firstMatch(part, text) !== undefined
  },
  shortcut: { takes: ['string', 'string'], isTotal: true, js: (text, part) => `${text}.includes(${part})` },
  sql: ([text, part], tools) => (text && part && areText(text, part) ? comparedWith(plain(sqlText`contains(${tools.text(text)}, ${tools.text(part)})`, 'boolean', [text, part]), [text, part]) : undefined),
})
