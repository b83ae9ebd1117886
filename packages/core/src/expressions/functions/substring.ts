import { empty, param, sqlText } from '../../kernel/sql-text.js'
import { plain } from '../sql/value.js'
import { areText } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

// Positions count code points; only text beyond UTF-16's single units needs them told apart.
const twoUnits = /[\uD800-\uDBFF]/

export function substringOf(text: string, start: number, length?: number): string {
  return twoUnits.test(text) ? slice([...text], start, length).join('') : slice(text, start, length)
}

function slice<T extends string | string[]>(text: T, start: number, length: number | undefined): T {
  const from = text.length + start < 0 ? 0 : start
  if (length === undefined) return text.slice(from) as T
  if (length <= 0) return text.slice(0, 0) as T
  return text.slice(from, from >= 0 ? from + length : text.length + from + length) as T
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0
}

export const substring = defineFunction({
  name: 'substring', signature: '<s-nn?:s>', gives: 'string',
  closure: (text: string | undefined, start: number, length: number | undefined) => (text === undefined ? undefined : substringOf(text, start, length)),
  shortcut: { takes: ['string', 'number', 'number'], optional: 1, isTotal: true, run: substringOf },
  sql: ([text, start, length], tools) => {
    if (!text || !start || !areText(text) || text.mappedFrom !== undefined || !isCount(start.constant) || (length && !(isCount(length.constant) && length.constant > 0))) return undefined
    const count = length === undefined ? empty : sqlText`, ${param(Number(length.constant))}`
    return plain(sqlText`substring(${tools.text(text)}, ${param(start.constant + 1)}${count})`, 'string', [text])
  },
})
