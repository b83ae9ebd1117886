// Every occurrence, or as many as the limit says. In a replacement text `$1` is a group, `$0` the match, `$$` a dollar sign.
import { raise } from '../closure/failure.js'
import type { FunctionValue } from '../closure/function-value.js'
import { spend } from '../closure/run.js'
import { type MatchLike, firstMatch, nextMatch } from './matching-text.js'
import { defineFunction } from './function-spec.js'

export const replace = defineFunction({
  name: 'replace', signature: '<s-(sf)(sf)n?:s>', gives: 'string',
  closure: (text: string | undefined, pattern: string | FunctionValue, replacement: string | FunctionValue, limit: number | undefined) => {
    if (text === undefined) return undefined
    if (pattern === '') raise({ code: 'D3010', value: pattern, index: 2 })
    if (limit !== undefined && limit < 0) raise({ code: 'D3011', value: limit, index: 4 })
    if (limit !== undefined && !(limit > 0)) return text
    return typeof pattern === 'string' ? replaceText(text, pattern, { replacement, limit }) : replaceMatches(text, pattern, { replacement, limit })
  },
})

interface How {
  readonly replacement: string | FunctionValue
  readonly limit: number | undefined
}

function replaceText(text: string, part: string, { replacement, limit = Infinity }: How): string {
  // The reference adds whatever it is given here, a function by its source text.
  const pieces: string[] = []
  let from = 0
  for (let at = text.indexOf(part), count = 0; at >= 0 && count < limit; at = text.indexOf(part, from), count++) {
    spend(1)
    pieces.push(text.slice(from, at), String(replacement))
    from = at + part.length
  }
  return pieces.join('') + text.slice(from)
}

function replaceMatches(text: string, matcher: FunctionValue, { replacement, limit = Infinity }: How): string {
  let result = ''
  let from = 0
  let count = 0
  for (let match = firstMatch(matcher, text); match !== undefined && count < limit; match = nextMatch(match), count++) {
    spend(1)
    const replaced = typeof replacement === 'string' ? fillIn(replacement, match) : replacement(match)
    if (typeof replaced !== 'string') raise({ code: 'D3012', value: replaced })
    result += text.slice(from, Math.max(from, match.start)) + replaced
    from = match.start + match.match.length
  }
  return result + text.slice(from)
}

function fillIn(template: string, match: MatchLike): string {
  let filled = ''
  let from = 0
  for (let at = template.indexOf('$'); at >= 0 && from < template.length; at = template.indexOf('$', from)) {
    filled += template.slice(from, at)
    const { text, length } = reference(template, at + 1, match)
    filled += text
    from = at + 1 + length
  }
  return filled + template.slice(from)
}

function reference(template: string, at: number, { match, groups }: MatchLike): { readonly text: string; readonly length: number } {
  const sign = template.charAt(at)
  if (sign === '$') return { text: '$', length: 1 }
  if (sign === '0') return { text: match, length: 1 }
  const digits = groups.length === 0 ? 1 : Math.floor(Math.log(groups.length) * Math.LOG10E) + 1
  let index = Number.parseInt(template.slice(at, at + digits), 10)
  if (digits > 1 && index > groups.length) index = Number.parseInt(template.slice(at, at + digits - 1), 10)
  if (Number.isNaN(index)) return { text: '$', length: 0 }
  return { text: groups[index - 1] ?? '', length: String(index).length }
}
