import { sqlText } from '../../kernel/sql-text.js'
import { plain } from '../sql/value.js'
import { areText } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export function textAfter(text: string, part: string): string {
  const at = text.indexOf(part)
  return at < 0 ? text : text.slice(at + part.length)
}

export const substringAfter = defineFunction({
  name: 'substringAfter', signature: '<s-s:s>', gives: 'string',
  closure: (text: string | undefined, part: string) => (text === undefined ? undefined : textAfter(text, part)),
  shortcut: { takes: ['string', 'string'], isTotal: true, run: textAfter },
  sql: ([text, part], tools) => {
    if (!text || !part || !areText(text, part) || text.mappedFrom !== undefined || typeof part.constant !== 'string' || part.constant === '') return undefined
    const [source, separator] = [tools.text(text), tools.text(part)]
    return plain(sqlText`case when contains(${source}, ${separator}) then substring(${source}, strpos(${source}, ${separator}) + length(${separator})) else ${source} end`, 'string', [text])
  },
})
