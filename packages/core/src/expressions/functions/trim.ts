import { defineFunction } from './function-spec.js'

export const trim = defineFunction({
  name: 'trim', signature: '<s-:s>', gives: 'string',
  // Runs of white space inside the text become one blank.
  closure: (text: string | undefined) => text?.replaceAll(/[ \t\n\r]+/g, ' ').replace(/^ /, '').replace(/ $/, ''),
})
