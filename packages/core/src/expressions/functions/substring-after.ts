import { defineFunction } from './function-spec.js'

export function textAfter(text: string, part: string): string {
  const at = text.indexOf(part)
  return at < 0 ? text : text.slice(at + part.length)
}

export const substringAfter = defineFunction({ name: 'substringAfter', signature: '<s-s:s>', gives: 'string', closure: (text: string | undefined, part: string) => (text === undefined ? undefined : textAfter(text, part)), shortcut: { takes: ['string', 'string'], isTotal: true, run: textAfter } })
