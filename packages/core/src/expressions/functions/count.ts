import { defineFunction } from './function-spec.js'

export const count = defineFunction({ name: 'count', signature: '<a:n>', gives: 'number', closure: (items: readonly unknown[] | undefined) => items?.length ?? 0 })
