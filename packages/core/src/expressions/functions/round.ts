import { sqlText } from '../../kernel/sql-text.js'
import { or } from '../sql/condition.js'
import { ofNumber } from './sql-operands.js'
import { defineFunction } from './function-spec.js'

// Digits are moved in the number's text: multiplying by a power of ten would add an error of its own.
function shift(value: number, digits: number): number {
  const [mantissa = '', exponent] = String(value).split('e')
  return Number(`${mantissa}e${exponent === undefined ? digits : Number(exponent) + digits}`)
}

/** Half to even. */
export function roundOf(value: number, precision?: number): number {
  const shifted = precision ? shift(value, precision) : value
  let rounded = Math.round(shifted)
  if (Math.abs(rounded - shifted) === 0.5 && Math.abs(rounded % 2) === 1) rounded -= 1
  const result = precision ? shift(rounded, -precision) : rounded
  return Object.is(result, -0) ? 0 : result
}

export const round = defineFunction({
  name: 'round', signature: '<n-n?:n>', gives: 'number',
  closure: (value: number | undefined, precision: number | undefined) => (value === undefined ? undefined : roundOf(value, precision)),
  shortcut: { takes: ['number', 'number'], optional: 1, isTotal: true, run: roundOf },
  // With a precision it is the digits of the text that are moved, which no engine does.
  sql: ([number, precision], { dialect }) => {
    const rounded = precision ? undefined : ofNumber(number, (sql) => dialect.roundEven(sql))
    // Where a double has no room for more than halves, engines round them in their own ways.
    return rounded && number ? { ...rounded, unsure: or(rounded.unsure, sqlText`abs(${number.sql}) >= 1e14`) } : undefined
  },
})
