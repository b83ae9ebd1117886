import { sqlText } from '../../kernel/sql-text.js'
import { plain } from '../sql/value.js'
import { areText } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export function textBefore(text: string, part: string): string {
  const at = text.indexOf(part)
  return at < 0 ? text : text.slice(0, at)
}

export const substringBefore = defineFunction({
  name: 'substringBefore', signature: '<s-s:s>', gives: 'string',
  closure: (text: string | undefined, part: string) => (text === undefined ? undefined : textBefore(text, part)),
  shortcut: { takes: ['string', 'string'], isTotal: true, run: textBefore },
  sql: ([text, part], tools) => {
    if (!text || !part || !areText(text, part) || text.mappedFrom !== undefined || typeof part.constant !== 'string' || part.constant === '') return undefined
    const [source, separator] = [tools.text(text), tools.text(part)]
    return plain(sqlText`case when contains(${source}, ${separator}) then split_part(${source}, ${separator}, 1) else ${source} end`, 'string', [text])
  },
})
