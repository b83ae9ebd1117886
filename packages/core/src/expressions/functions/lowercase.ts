import { param, sqlText } from '../../kernel/sql-text.js'
import { plain } from '../sql/value.js'
import { areText } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export const lowercase = defineFunction({
  name: 'lowercase', signature: '<s-:s>', gives: 'string',
  closure: (text: string | undefined) => text?.toLowerCase(),
  shortcut: { takes: ['string'], isTotal: true, js: (text) => `${text}.toLowerCase()` },
  sql: ([text], tools) => {
    if (!text || !areText(text)) return undefined
    // The engine maps characters one by one; the dotted capital I is the one that becomes two and starts with a plain i.
    const sql = sqlText`lower(replace(${tools.text(text)}, ${param('İ')}, ${param('i̇')}))`
    return { ...plain(sql, 'string', [text]), mappedFrom: tools.text(text) }
  },
})
