import { raise } from '../closure/failure.js'
import { defineFunction } from './function-spec.js'

export const error = defineFunction({ name: 'error', signature: '<s?:x>', closure: (message: string | undefined) => raise({ code: 'D3137', message: message || '$error() function evaluated' }) })
