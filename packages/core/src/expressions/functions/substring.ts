import { defineFunction } from './function-spec.js'

// Positions count code points; only text beyond UTF-16's single units needs them told apart.
const twoUnits = /[\uD800-\uDBFF]/

export function substringOf(text: string, start: number, length?: number): string {
  return twoUnits.test(text) ? slice([...text], start, length).join('') : slice(text, start, length)
}

function slice<T extends string | string[]>(text: T, start: number, length: number | undefined): T {
  const from = text.length + start < 0 ? 0 : start
  if (length === undefined) return text.slice(from) as T
  if (length <= 0) return text.slice(0, 0) as T
  return text.slice(from, from >= 0 ? from + length : text.length + from + length) as T
}

export const substring = defineFunction({
  name: 'substring', signature: '<s-nn?:s>', gives: 'string',
  closure: (text: string | undefined, start: number, length: number | undefined) => (text === undefined ? undefined : substringOf(text, start, length)),
  shortcut: { takes: ['string', 'number', 'number'], optional: 1, isTotal: true, run: substringOf },
})
