// Where engines differ: the generic form of each, to be replaced by an engine's own (stores/<engine>/dialect.ts).
import { type SqlText, param, sqlText } from '../../kernel/sql-text.js'

export interface Dialect {
  /** An instant as the ISO text with milliseconds that expressions see. */
  instantText(at: SqlText): SqlText
  /** Milliseconds since 1970 as a double. */
  instantMs(at: SqlText): SqlText
  /** An instant of a whole number of milliseconds. */
  instantOf(ms: number): SqlText
  /** The instant of a canonical text (date, or date and time with milliseconds and Z); NULL for any other text. */
  instantOfText(text: SqlText): SqlText
  /** Pictures of $fromMillis that the engine can write. */
  readonly pictures: Readonly<Record<string, (at: SqlText) => SqlText>>
  /** The start of a stored day, `YYYY-MM-DD`. */
  instantOfDate(day: SqlText): SqlText
  isAscii(text: SqlText): SqlText
  /** Only characters up to U+017F, the Latin letters of Europe. */
  isLatin(text: SqlText): SqlText
  /** To a whole number, halves to the even one. */
  roundEven(number: SqlText): SqlText
  isFinite(number: SqlText): SqlText
  isNan(number: SqlText): SqlText
  /** RE2 syntax; finds the pattern anywhere in the text. */
  matches(text: SqlText, pattern: string): SqlText
  anyBit(bits: SqlText): SqlText
  /** How many bits are set in the aggregate; `filter` is what follows an aggregate. */
  countBits(aggregate: SqlText, filter: SqlText): SqlText
  /** The first value in an order, also when it is NULL. */
  firstBy(value: SqlText, order: SqlText, filter: SqlText): SqlText
  bitXor(a: SqlText, b: SqlText): SqlText
  hasBit(word: SqlText, bit: number): SqlText
  lacksBit(word: SqlText, bit: number): SqlText
  /** A list column that contains a text; NULL-safe callers only. */
  listContains(list: SqlText, item: SqlText): SqlText
}

export const generic: Dialect = {
  instantText: (at) => sqlText`to_char(${at}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  instantMs: (at) => sqlText`extract(epoch from ${at}) * 1000.0`,
  instantOf: (ms) => sqlText`to_timestamp(${param(ms / 1000)})`,
  instantOfText: (text) => sqlText`cast(${text} as timestamp)`,
  pictures: {},
  instantOfDate: (day) => sqlText`cast(${day} as timestamp)`,
  isAscii: (text) => sqlText`octet_length(${text}) = char_length(${text})`,
  isLatin: (text) => sqlText`(${text} ~ ${param('^[\u0001-\u017f]*$')})`,
  roundEven: (number) => sqlText`(case when abs(${number}) % 1 = 0.5 then 2 * round(${number} / 2) else round(${number}) end)`,
  isFinite: (number) => sqlText`(${number} - ${number} = 0)`,
  isNan: (number) => sqlText`(${number} <> ${number})`,
  matches: (text, pattern) => sqlText`(${text} ~ ${param(pattern)})`,
  anyBit: (bits) => sqlText`bit_or(${bits})`,
  countBits: (aggregate, filter) => sqlText`bit_count(${aggregate}${filter})`,
  firstBy: (value, order, filter) => sqlText`(array_agg(${value} order by ${order}) filter (where ${filter}))[1]`,
  bitXor: (a, b) => sqlText`(${a} # ${b})`,
  hasBit: (word, bit) => sqlText`(${word} & ${param(2n ** BigInt(bit))}) <> 0`,
  lacksBit: (word, bit) => sqlText`(${word} & ${param(2n ** BigInt(bit))}) = 0`,
  listContains: (list, item) => sqlText`${item} = any(${list})`,
}
