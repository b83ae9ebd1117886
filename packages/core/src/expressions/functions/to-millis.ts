import { sqlText } from '../../kernel/sql-text.js'
import { or } from '../sql/condition.js'
import { plain } from '../sql/value.js'
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
  sql: ([text, picture], { dialect }) => {
    if (!text || picture || text.type !== 'string' || text.mappedFrom !== undefined) return undefined
    if (text.form === 'instant') return { ...plain(dialect.instantMs(text.sql), 'number', [text]), instant: text.sql, tame: true }
    if (text.isDate === true) return { ...plain(dialect.instantMs(dialect.instantOfDate(text.sql)), 'number', [text]), instant: dialect.instantOfDate(text.sql), tame: true }
    const at = dialect.instantOfText(text.sql)
    // Forms that the store does not read as JSONata does: another date, or an error.
    const strange = sqlText`(${text.sql} is not null and ${at} is null)`
    return { ...plain(dialect.instantMs(at), 'number', [text]), nullable: true, instant: at, tame: true, unsure: or(text.unsure, strange), fails: or(text.fails, strange) }
  },
})
