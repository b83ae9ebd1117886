// Words for what the checks know of a piece: `person.leadScore is a number`.
import type { About } from './rule.js'
import type { Plain, Seen } from './seen.js'
import type { Piece } from './visit.js'

/** Undefined where it could be anything. */
export function typeWord(seen: Seen): string | undefined {
  switch (seen.is) {
    case 'plain':
      return plainWord(seen)
    case 'object':
    case 'record':
    case 'root':
    case 'segments':
    case 'vars':
      return 'an object'
    case 'list':
      return 'a list'
    case 'rows':
      return seen.isWhole ? 'a list' : undefined
    case 'lambda':
    case 'regex':
      return 'a function'
    case 'any':
    case 'missing':
      return undefined
  }
}

function plainWord({ type, field, constant, made }: Plain): string {
  if (field?.stored === 'date') return 'a date, which is text'
  if (field?.stored === 'timestamp' || (made === 'clock' && type === 'string')) return 'an instant, which is text'
  const words = { string: 'text', number: 'a number', boolean: 'true or false', null: 'null' } as const
  const value = constant?.from === 'vars' && type !== 'null' ? ` (${JSON.stringify(constant.value)} in this sandbox)` : ''
  return `${words[type]}${value}`
}

/** `person.leadScore is a number` */
export function isWhat({ node, seen }: Piece, about: About): string {
  return `${about.say(node)} is ${typeWord(seen) ?? 'of another type'}`
}

export function isTime(seen: Seen): boolean {
  return seen.is === 'plain' && seen.type === 'string' && (seen.field?.stored === 'date' || seen.field?.stored === 'timestamp' || seen.made === 'clock')
}

/** What to write for a value of another type: `50` for `"50"`. */
export function literalInstead({ node, seen }: Piece, wanted: Plain['type'], about: About): string | undefined {
  if (seen.is !== 'plain' || seen.constant === undefined) return undefined
  const { value, from } = seen.constant
  const fits = typeof value === 'string' && ((wanted === 'number' && value.trim() !== '' && !Number.isNaN(Number(value))) || (wanted === 'boolean' && /^(true|false)$/.test(value)))
  if (from === 'vars') return fits ? `Write ${value.trim()} without quotes under vars of the sandbox.` : `Change ${about.say(node)} in the sandbox.`
  if (fits) return `Write ${value.trim()} without quotes.`
  return wanted === 'string' && typeof value !== 'string' ? `Write "${String(value)}" in quotes.` : undefined
}
