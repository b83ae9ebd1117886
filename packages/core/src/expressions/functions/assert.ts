import { raise } from '../closure/failure.js'
import { defineFunction } from './function-spec.js'

export const assert = defineFunction({
  name: 'assert', signature: '<bs?:x>',
  closure: (holds: boolean | undefined, message: string | undefined) => (holds ? undefined : raise({ code: 'D3141', message: message || '$assert() statement failed' })),
})
