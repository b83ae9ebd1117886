// Where DuckDB has its own words for what segments need.
import { type Dialect, generic } from '../../expressions/sql/dialect.js'
import { param, sqlText } from '../../kernel/sql-text.js'


export const duckdb: Dialect = {
  ...generic,
  instantText: (at) => sqlText`strftime(${at}, '%Y-%m-%dT%H:%M:%S.%gZ')`,
  instantMs: (at) => sqlText`epoch_ms(${at})::double`,
  instantOf: (ms) => sqlText`make_timestamp_ms(${param(ms)}::bigint)`,
  // try_cast takes more forms than one, so what comes out is written back and compared.
  instantOfText: (text) => sqlText`case when strlen(${text}) = 10 then (case when strftime(try_cast(${text} as timestamp), '%Y-%m-%d') = ${text} then try_cast(${text} as timestamp) end)
    when strftime(try_cast(${text} as timestamp), '%Y-%m-%dT%H:%M:%S.%gZ') = ${text} then try_cast(${text} as timestamp) end`,
  // [F0] is the day of the week from Monday, 1, to Sunday, 7.
  pictures: {
    '[Y0001]-[M01]-[D01]': (at) => sqlText`strftime(${at}, '%Y-%m-%d')`,
    '[Y0001]-[M01]': (at) => sqlText`strftime(${at}, '%Y-%m')`,
    '[Y0001]': (at) => sqlText`strftime(${at}, '%Y')`,
    '[M01]': (at) => sqlText`strftime(${at}, '%m')`,
    '[D01]': (at) => sqlText`strftime(${at}, '%d')`,
    '[H01]': (at) => sqlText`strftime(${at}, '%H')`,
    '[H01]:[m01]': (at) => sqlText`strftime(${at}, '%H:%M')`,
    '[F0]': (at) => sqlText`strftime(${at}, '%u')`,
  },
  instantOfDate: (day) => sqlText`try_cast(${day} as timestamp)`,
  isAscii: (text) => sqlText`strlen(${text}) = length(${text})`,
  isLatin: (text) => sqlText`(strlen(${text}) = length(${text}) or regexp_full_match(${text}, ${param('[\\x{0}-\\x{17f}]*')}))`,
  roundEven: (number) => sqlText`round_even(${number}, 0)`,
  isFinite: (number) => sqlText`isfinite(${number})`,
  isNan: (number) => sqlText`isnan(${number})`,
  matches: (text, pattern) => sqlText`regexp_matches(${text}, ${param(pattern)})`,
  firstBy: (value, order, filter) => sqlText`first(${value} order by ${order}) filter (where ${filter})`,
  bitXor: (a, b) => sqlText`xor(${a}, ${b})`,
  listContains: (list, item) => sqlText`list_contains(${list}, ${item})`,
}
