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
  instantOfDate: (day) => sqlText`try_cast(${day} as timestamp)`,
  isAscii: (text) => sqlText`strlen(${text}) = length(${text})`,
  isLatin: (text) => sqlText`(strlen(${text}) = length(${text}) or regexp_full_match(${text}, ${param('[\\x{0}-\\x{17f}]*')}))`,
  isFinite: (number) => sqlText`isfinite(${number})`,
  isNan: (number) => sqlText`isnan(${number})`,
  matches: (text, pattern) => sqlText`regexp_matches(${text}, ${param(pattern)})`,
  firstBy: (value, order, filter) => sqlText`first(${value} order by ${order}) filter (where ${filter})`,
  bitXor: (a, b) => sqlText`xor(${a}, ${b})`,
  listContains: (list, item) => sqlText`list_contains(${list}, ${item})`,
}
