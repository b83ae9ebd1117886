import { param, sqlText } from '../../kernel/sql-text.js'
import { plain } from '../sql/value.js'
import { areText } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export const trim = defineFunction({
  name: 'trim', signature: '<s-:s>', gives: 'string',
  // Runs of white space inside the text become one blank.
  closure: (text: string | undefined) => text?.replaceAll(/[ \t\n\r]+/g, ' ').replace(/^ /, '').replace(/ $/, ''),
  sql: ([text], tools) => {
    if (!text || !areText(text)) return undefined
    const value = plain(sqlText`trim(regexp_replace(${tools.text(text)}, ${param('[ \\t\\r\\n]+')}, ${param(' ')}, ${param('g')}), ${param(' ')})`, 'string', [text])
    return text.mappedFrom === undefined ? value : { ...value, mappedFrom: text.mappedFrom }
  },
})
