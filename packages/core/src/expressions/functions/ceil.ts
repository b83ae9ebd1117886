import { sqlText } from '../../kernel/sql-text.js'
import { ofNumber } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export const ceil = defineFunction({
  name: 'ceil', signature: '<n-:n>', gives: 'number',
  closure: (value: number | undefined) => (value === undefined ? undefined : Math.ceil(value)),
  shortcut: { takes: ['number'], isTotal: true, js: (value) => `Math.ceil(${value})` },
  sql: ([number]) => ofNumber(number, (sql) => sqlText`ceil(${sql})`),
})
