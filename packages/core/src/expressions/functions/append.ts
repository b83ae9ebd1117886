import { append as appendTo } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

export const append = defineFunction({ name: 'append', signature: '<xx:a>', closure: appendTo })
