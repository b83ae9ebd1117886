import { stringOf } from '../closure/strings.js'
import { defineFunction } from './function-spec.js'

export const clone = defineFunction({ name: 'clone', signature: '<(oa)-:o>', closure: (value: unknown) => (value === undefined ? undefined : (JSON.parse(stringOf(value)) as unknown)) })
