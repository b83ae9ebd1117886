import { defineFunction } from './function-spec.js'

export function textBefore(text: string, part: string): string {
  const at = text.indexOf(part)
  return at < 0 ? text : text.slice(0, at)
}

export const substringBefore = defineFunction({ name: 'substringBefore', signature: '<s-s:s>', gives: 'string', closure: (text: string | undefined, part: string) => (text === undefined ? undefined : textBefore(text, part)), shortcut: { takes: ['string', 'string'], isTotal: true, run: textBefore } })
