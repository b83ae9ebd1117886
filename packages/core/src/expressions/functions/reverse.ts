import { defineFunction } from './function-spec.js'

export const reverse = defineFunction({
  name: 'reverse', signature: '<a:a>',
  closure: (items: readonly unknown[] | undefined) => (items === undefined || items.length <= 1 ? items : Array.from(items, (_, index) => items[items.length - 1 - index])),
})
