import { defineFunction } from './function-spec.js'

export const uppercase = defineFunction({
  name: 'uppercase', signature: '<s-:s>', gives: 'string',
  closure: (text: string | undefined) => text?.toUpperCase(),
  shortcut: { takes: ['string'], isTotal: true, js: (text) => `${text}.toUpperCase()` },
})
