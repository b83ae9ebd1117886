import { run } from '../closure/run.js'
import { defineFunction } from './function-spec.js'

export const millis = defineFunction({ name: 'millis', signature: '<:n>', gives: 'number', closure: () => run.nowMs })
