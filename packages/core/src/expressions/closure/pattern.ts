// A regex of the expression. It runs on JavaScript's engine where that certainly ends soon, else on the one of linear time.
import { LinearRegExp } from '../regex-engine.js'
import { isHarmless } from './harmless-pattern.js'

const shortText = 2000

export interface Found {
  readonly groups: readonly (string | undefined)[]
  readonly start: number
}

export class Pattern {
  readonly source: string
  readonly #native: RegExp | undefined
  readonly #fromStart: RegExp | undefined
  readonly #linear: LinearRegExp | undefined

  constructor(readonly pattern: RegExp) {
    this.source = pattern.source
    const flags = pattern.flags.replaceAll(/[gy]/g, '')
    const harmless = isHarmless(pattern.source)
    this.#native = harmless ? new RegExp(pattern.source, `${flags}g`) : undefined
    this.#fromStart = harmless ? new RegExp(pattern.source, flags) : undefined
    this.#linear = linear(pattern, harmless)
  }

  test(text: string): boolean {
    if (this.#fromStart && text.length <= shortText) return this.#fromStart.test(text)
    return this.find(text, 0) !== undefined
  }

  /** The first match at or after a place, the whole match first among the groups. */
  find(text: string, from: number): Found | undefined {
    const engine = this.#native && (text.length <= shortText || !this.#linear) ? this.#native : this.#linear
    if (!engine) return undefined
    engine.lastIndex = from
    const match = engine.exec(text)
    return match ? { groups: [...match], start: match.index } : undefined
  }
}

// What is harmless may still be something that the other engine does not know: then there is no other engine.
function linear(pattern: RegExp, isOptional: boolean): LinearRegExp | undefined {
  try {
    return new LinearRegExp(pattern)
  } catch (error) {
    if (isOptional) return undefined
    throw error
  }
}
