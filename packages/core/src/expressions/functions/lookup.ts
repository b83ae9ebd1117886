import { lookup as lookUp } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

export const lookup = defineFunction({ name: 'lookup', signature: '<x-s:x>', closure: (value: unknown, key: string) => lookUp(value, key) })
