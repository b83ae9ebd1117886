import { stringOf } from '../closure/strings.js'
import { defineFunction } from './function-spec.js'

export const string = defineFunction({ name: 'string', signature: '<x-b?:s>', gives: 'string', closure: (value: unknown, isPretty: boolean | undefined) => (value === undefined ? undefined : stringOf(value, isPretty)) })
