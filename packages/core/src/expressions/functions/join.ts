import { defineFunction } from './function-spec.js'

export const join = defineFunction({ name: 'join', signature: '<a<s>s?:s>', gives: 'string', closure: (texts: readonly string[] | undefined, separator: string | undefined) => texts?.join(separator ?? '') })
