import { sqlText } from '../../kernel/sql-text.js'
import { ofNumber } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export const abs = defineFunction({
  name: 'abs', signature: '<n-:n>', gives: 'number',
  closure: (value: number | undefined) => (value === undefined ? undefined : Math.abs(value)),
  shortcut: { takes: ['number'], isTotal: true, js: (value) => `Math.abs(${value})` },
  sql: ([number]) => ofNumber(number, (sql) => sqlText`abs(${sql})`),
})
