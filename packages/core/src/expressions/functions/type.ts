import { isFunctionValue, isNumeric } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

export function typeOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (value === null) return 'null'
  if (isNumeric(value)) return 'number'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (Array.isArray(value)) return 'array'
  return isFunctionValue(value) ? 'function' : 'object'
}

export const type = defineFunction({ name: 'type', signature: '<x:s>', gives: 'string', closure: typeOf })
