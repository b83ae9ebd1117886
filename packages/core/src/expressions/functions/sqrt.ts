import { sqlText } from '../../kernel/sql-text.js'
import { or } from '../sql/condition.js'
import { ofNumber } from './sql-operands.js'
import { raise } from '../closure/failure.js'
import { defineFunction } from './function-spec.js'

export const sqrt = defineFunction({
  name: 'sqrt', signature: '<n-:n>', gives: 'number',
  closure: (value: number | undefined) => {
    if (value === undefined) return undefined
    return value < 0 ? raise({ code: 'D3060', index: 1, value }) : Math.sqrt(value)
  },
  sql: ([number]) => {
    const root = ofNumber(number, (sql) => sqlText`sqrt(case when ${sql} >= 0 then ${sql} end)`)
    return root && number ? { ...root, fails: or(root.fails, sqlText`${number.sql} < 0`) } : undefined
  },
})
