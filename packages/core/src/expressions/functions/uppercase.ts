import { param, sqlText } from '../../kernel/sql-text.js'
import { or } from '../sql/condition.js'
import { plain } from '../sql/value.js'
import { areText } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export const uppercase = defineFunction({
  name: 'uppercase', signature: '<s-:s>', gives: 'string',
  closure: (text: string | undefined) => text?.toUpperCase(),
  shortcut: { takes: ['string'], isTotal: true, js: (text) => `${text}.toUpperCase()` },
  sql: ([text], tools) => {
    if (!text || !areText(text)) return undefined
    const source = tools.text(text)
    // Of the Latin letters these two become more than one.
    const sql = sqlText`upper(replace(replace(${source}, ${param('ß')}, ${param('SS')}), ${param('ŉ')}, ${param('ʼN')}))`
    return { ...plain(sql, 'string', [text]), unsure: or(text.unsure, sqlText`not ${tools.dialect.isLatin(source)}`) }
  },
})
