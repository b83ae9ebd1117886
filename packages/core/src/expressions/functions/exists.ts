import { defineFunction } from './function-spec.js'

export const exists = defineFunction({ name: 'exists', signature: '<x:b>', gives: 'boolean', closure: (value: unknown) => value !== undefined })
