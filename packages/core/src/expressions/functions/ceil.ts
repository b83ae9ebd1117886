import { defineFunction } from './function-spec.js'

export const ceil = defineFunction({
  name: 'ceil', signature: '<n-:n>', gives: 'number',
  closure: (value: number | undefined) => (value === undefined ? undefined : Math.ceil(value)),
  shortcut: { takes: ['number'], isTotal: true, js: (value) => `Math.ceil(${value})` },
})
