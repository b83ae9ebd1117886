import { truth } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

/** Missing stays missing, also as the only item of a list. */
export function booleanOf(value: unknown): boolean | undefined {
  if (value === undefined) return undefined
  return Array.isArray(value) && value.length === 1 ? booleanOf(value[0]) : truth(value)
}

export const boolean = defineFunction({ name: 'boolean', signature: '<x-:b>', gives: 'boolean', closure: booleanOf })
