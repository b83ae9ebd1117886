import { defineFunction } from './function-spec.js'

export const lowercase = defineFunction({
  name: 'lowercase', signature: '<s-:s>', gives: 'string',
  closure: (text: string | undefined) => text?.toLowerCase(),
  shortcut: { takes: ['string'], isTotal: true, js: (text) => `${text}.toLowerCase()` },
})
