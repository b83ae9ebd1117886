// $string, which `&` uses as well: JSON text with numbers of at most fifteen significant digits.
import { raise } from './failure.js'
import { isWrapper, isFunctionValue, isNumeric } from './values.js'

export function stringOf(value: unknown, isPretty = false): string {
  if (typeof value === 'string') return value
  if (isFunctionValue(value)) return ''
  if (typeof value === 'number' && !Number.isFinite(value)) raise({ code: 'D3001', value })
  const shown: unknown = isWrapper(value) ? value[0] : value
  // Of a missing value inside the wrapper there is no text; the reference gives undefined as well.
  return JSON.stringify(shown, (_key, each: unknown) => shownValue(each), isPretty ? 2 : 0)
}

function shownValue(value: unknown): unknown {
  if (typeof value === 'number') return isNumeric(value) && !Number.isInteger(value) ? Number(value.toPrecision(15)) : value
  return isFunctionValue(value) ? '' : value
}
