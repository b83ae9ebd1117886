// Library functions of one value in SQL. Each is exact or says where it is not.
import { type SqlText, param, sqlText } from '../../kernel/sql-text.js'
import { type Condition, or } from './condition.js'
import type { Dialect } from './dialect.js'
import { type SqlScalar, plain } from './value.js'

export interface FormTools {
  readonly dialect: Dialect
  /** The value as text or number, whatever its form in SQL. */
  text(value: SqlScalar): SqlText
}

/** Undefined where SQL has no form for these arguments. */
export type SqlForm = (args: readonly SqlScalar[], tools: FormTools) => SqlScalar | undefined

export const forms: Readonly<Record<string, SqlForm>> = {
  contains: ([text, part], tools) => (text && part && areText(text, part) ? withMapping(plain(sqlText`contains(${tools.text(text)}, ${tools.text(part)})`, 'boolean', [text, part]), [text, part]) : undefined),
  lowercase: ([text], tools) => {
    if (!text || !areText(text)) return undefined
    // The engine maps characters one by one; the dotted capital I is the one that becomes two and starts with a plain i.
    const sql = sqlText`lower(replace(${tools.text(text)}, ${param('İ')}, ${param('i̇')}))`
    return { ...plain(sql, 'string', [text]), mappedFrom: tools.text(text) }
  },
  uppercase: ([text], tools) => {
    if (!text || !areText(text)) return undefined
    const source = tools.text(text)
    // Of the Latin letters these two become more than one.
    const sql = sqlText`upper(replace(replace(${source}, ${param('ß')}, ${param('SS')}), ${param('ŉ')}, ${param('ʼN')}))`
    return { ...plain(sql, 'string', [text]), unsure: or(text.unsure, sqlText`not ${tools.dialect.isLatin(source)}`) }
  },
  length: ([text], tools) => (text && areText(text) && text.mappedFrom === undefined ? plain(sqlText`length(${tools.text(text)})::double`, 'number', [text]) : undefined),
  trim: ([text], tools) => (text && areText(text) ? keepMapping(plain(sqlText`trim(regexp_replace(${tools.text(text)}, ${param('[ \\t\\r\\n]+')}, ${param(' ')}, ${param('g')}))`, 'string', [text]), text) : undefined),
  substring: ([text, start, length], tools) => {
    if (!text || !start || !areText(text) || text.mappedFrom !== undefined || start.type !== 'number' || (length && length.type !== 'number')) return undefined
    if (typeof start.constant !== 'number' || !Number.isInteger(start.constant) || start.constant < 0) return undefined
    if (length && (typeof length.constant !== 'number' || !Number.isInteger(length.constant))) return undefined
    if (length && Number(length.constant) <= 0) return undefined
    const source = tools.text(text)
    const count = length === undefined ? sqlText`` : sqlText`, ${param(Number(length.constant))}`
    return plain(sqlText`substring(${source}, ${param(start.constant + 1)}${count})`, 'string', [text])
  },
  substringBefore: ([text, part], tools) => {
    if (!text || !part || !areText(text, part) || text.mappedFrom !== undefined || typeof part.constant !== 'string' || part.constant === '') return undefined
    const source = tools.text(text)
    return plain(sqlText`case when contains(${source}, ${tools.text(part)}) then split_part(${source}, ${tools.text(part)}, 1) else ${source} end`, 'string', [text])
  },
  substringAfter: ([text, part], tools) => {
    if (!text || !part || !areText(text, part) || text.mappedFrom !== undefined || typeof part.constant !== 'string' || part.constant === '') return undefined
    const source = tools.text(text)
    const separator = tools.text(part)
    return plain(sqlText`case when contains(${source}, ${separator}) then substring(${source}, strpos(${source}, ${separator}) + length(${separator})) else ${source} end`, 'string', [text])
  },
  abs: ([number]) => numeric(number, (sql) => sqlText`abs(${sql})`),
  floor: ([number]) => numeric(number, (sql) => sqlText`floor(${sql})`),
  ceil: ([number]) => numeric(number, (sql) => sqlText`ceil(${sql})`),
  sqrt: ([number]) => {
    const root = numeric(number, (sql) => sqlText`sqrt(case when ${sql} >= 0 then ${sql} end)`)
    return root && number ? { ...root, fails: or(root.fails, sqlText`${number.sql} < 0`) } : undefined
  },
  toMillis: ([text, picture], tools) => {
    if (!text || picture || text.type !== 'string' || text.mappedFrom !== undefined) return undefined
    if (text.form === 'instant') return { ...plain(tools.dialect.instantMs(text.sql), 'number', [text]), instant: text.sql, tame: true }
    if (text.isDate === true) return { ...plain(tools.dialect.instantMs(tools.dialect.instantOfDate(text.sql)), 'number', [text]), instant: tools.dialect.instantOfDate(text.sql), tame: true }
    const at = tools.dialect.instantOfText(text.sql)
    const strange: Condition = sqlText`(${text.sql} is not null and ${at} is null)`
    const millis = { ...plain(tools.dialect.instantMs(at), 'number', [text]), instant: at, tame: true as const }
    return { ...millis, nullable: true, unsure: or(millis.unsure, strange), fails: or(millis.fails, strange) }
  },
  fromMillis: ([millis, picture, zone], tools) => {
    const at = millis ? instantOfMs(millis) : undefined
    if (!millis || !at || zone) return undefined
    if (!picture) return { ...plain(at, 'string', [millis]), form: 'instant' }
    const form = typeof picture.constant === 'string' ? pictures[picture.constant] : undefined
    return form ? plain(form(at, tools.dialect), 'string', [millis]) : undefined
  },
}

// Dates that are asked for most; [F0] is the day of the week from Monday, 1, to Sunday, 7.
const pictures: Readonly<Record<string, (at: SqlText, dialect: Dialect) => SqlText>> = {
  '[Y0001]-[M01]-[D01]': (at) => sqlText`strftime(${at}, '%Y-%m-%d')`,
  '[Y0001]-[M01]': (at) => sqlText`strftime(${at}, '%Y-%m')`,
  '[Y0001]': (at) => sqlText`strftime(${at}, '%Y')`,
  '[M01]': (at) => sqlText`strftime(${at}, '%m')`,
  '[D01]': (at) => sqlText`strftime(${at}, '%d')`,
  '[H01]': (at) => sqlText`strftime(${at}, '%H')`,
  '[H01]:[m01]': (at) => sqlText`strftime(${at}, '%H:%M')`,
  '[F0]': (at) => sqlText`strftime(${at}, '%u')`,
}

/** `$fromMillis($toMillis(x))` is x itself. */
function instantOfMs(millis: SqlScalar): SqlText | undefined {
  return millis.instant
}

function numeric(number: SqlScalar | undefined, form: (sql: SqlText) => SqlText): SqlScalar | undefined {
  if (number?.type !== 'number' || number.tolerance !== undefined || number.odd === 'nan') return undefined
  const value = plain(form(number.sql), 'number', [number])
  return number.odd === undefined ? value : { ...value, odd: number.odd }
}

function areText(...values: readonly SqlScalar[]): boolean {
  return values.every((each) => each.type === 'string')
}

function keepMapping(value: SqlScalar, from: SqlScalar): SqlScalar {
  return from.mappedFrom === undefined ? value : { ...value, mappedFrom: from.mappedFrom }
}

/** Lower case differs from JSONata's only in letters outside ASCII, which a part of ASCII does not see. */
function withMapping(value: SqlScalar, operands: readonly SqlScalar[]): SqlScalar | undefined {
  const mapped = operands.filter((each) => each.mappedFrom !== undefined)
  if (mapped.length === 0) return value
  const others = operands.filter((each) => each.mappedFrom === undefined)
  return mapped.length === 1 && others.every((each) => typeof each.constant === 'string' && isAsciiText(each.constant)) ? value : undefined
}

export function isAsciiText(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(text)
}
