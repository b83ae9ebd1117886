// A regular-expression engine that takes linear time, in the shape that JSONata asks for: a pattern can never freeze us.
// Differences to JavaScript that remain: no look-ahead and no back-references (refused when the expression is parsed).
import { RE2JS } from 're2js'
import { toLinearPattern } from './regex-dialect.js'

/** Why a pattern cannot run in linear time; undefined when it can. */
export function findRegexProblem(pattern: RegExp): string | undefined {
  try {
    compile(pattern)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const plain = reason.replace('error parsing regexp: ', '').replace('invalid or unsupported Perl syntax', 'not supported')
    return plain.charAt(0).toUpperCase() + plain.slice(1)
  }
}

/** Stands in for RegExp: the constructor takes a JavaScript pattern, `exec` goes on from `lastIndex`. */
export class LinearRegExp {
  lastIndex = 0
  readonly #pattern: RE2JS

  constructor(pattern: RegExp) {
    this.#pattern = compile(pattern)
  }

  exec(text: string): LinearMatch | null {
    if (this.lastIndex > text.length) return null
    const matcher = this.#pattern.matcher(text)
    if (!matcher.find(this.lastIndex)) return null
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined)
    this.lastIndex = matcher.end()
    return Object.assign(groups, { index: matcher.start() })
  }
}

export type LinearMatch = readonly (string | undefined)[] & { readonly index: number }

const compiled = new WeakMap<RegExp, RE2JS>()

function compile(pattern: RegExp): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  const flags = (pattern.flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (pattern.flags.includes('m') ? RE2JS.MULTILINE : 0)
  const made = RE2JS.compile(toLinearPattern(pattern.source), flags)
  compiled.set(pattern, made)
  return made
}
