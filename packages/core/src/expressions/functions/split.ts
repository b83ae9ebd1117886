import { raise } from '../closure/failure.js'
import type { FunctionValue } from '../closure/function-value.js'
import { checkLength } from '../closure/values.js'
import { firstMatch, nextMatch } from './matching-text.js'
import { defineFunction } from './function-spec.js'

export const split = defineFunction({
  name: 'split', signature: '<s-(sf)n?:a<s>>',
  closure: (text: string | undefined, separator: string | FunctionValue, limit: number | undefined) => {
    if (text === undefined) return undefined
    if (limit !== undefined && limit < 0) raise({ code: 'D3020', value: limit, index: 3 })
    if (limit !== undefined && !(limit > 0)) return []
    if (typeof separator !== 'function') return text.split(separator, limit)
    return splitAtMatches(text, separator, limit ?? Infinity)
  },
})

function splitAtMatches(text: string, matcher: FunctionValue, limit: number): readonly string[] {
  const first = firstMatch(matcher, text)
  if (first === undefined) return [text]
  const parts: string[] = []
  let from = 0
  for (let match: typeof first | undefined = first; match !== undefined && parts.length < limit; match = nextMatch(match)) {
    parts.push(text.substring(from, match.start))
    from = match.end
    checkLength(parts.length)
  }
  if (parts.length < limit) parts.push(text.slice(from))
  return parts
}
