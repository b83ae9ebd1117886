// A scalar as a condition, as $boolean casts it, and conditions that carry what is not sure about their operands.
import type { Dialect } from './dialect.js'
import { sqlText } from '../../kernel/sql-text.js'
import { type Condition, type Truth, and, not, or } from './condition.js'
import type { SqlScalar } from './value.js'

/** A condition on a scalar that may not be sure or may fail. */
export function guarded(condition: Condition, { unsure, fails }: SqlScalar): Truth {
  return { must: and(condition, not(unsure)), may: or(condition, unsure), fails }
}

export function truthOf(value: SqlScalar, dialect: Dialect): Truth {
  const condition = castSql(value)
  const truth = guarded(value.odd === 'nan' ? and(condition, sqlText`not ${dialect.isNan(value.sql)}`) : condition, value)
  const near = value.tolerance === undefined ? truth : guarded(condition, { ...value, unsure: or(value.unsure, sqlText`abs(${value.sql}) <= ${value.tolerance}`) })
  return value.odd === undefined ? near : { ...near, fails: or(near.fails, sqlText`not (${dialect.isFinite(value.sql)} or ${dialect.isNan(value.sql)})`) }
}

function castSql({ sql, type, form, nullable }: SqlScalar): Condition {
  if (form === 'instant') return nullable ? sqlText`${sql} is not null` : true
  switch (type) {
    case 'string':
      return sqlText`${sql} <> ''`
    case 'number':
      return sqlText`${sql} <> 0`
    case 'boolean':
      return sql
    case 'null':
      return false
  }
}
