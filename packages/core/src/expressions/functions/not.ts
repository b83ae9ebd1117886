import { truth } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

export const not = defineFunction({ name: 'not', signature: '<x-:b>', gives: 'boolean', closure: (value: unknown) => (value === undefined ? undefined : !truth(value)) })
