import { sqlText } from '../../kernel/sql-text.js'
import { ofNumber } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

export const floor = defineFunction({
  name: 'floor', signature: '<n-:n>', gives: 'number',
  closure: (value: number | undefined) => (value === undefined ? undefined : Math.floor(value)),
  shortcut: { takes: ['number'], isTotal: true, js: (value) => `Math.floor(${value})` },
  sql: ([number]) => ofNumber(number, (sql) => sqlText`floor(${sql})`),
})
