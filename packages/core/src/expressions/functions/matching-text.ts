// What $match, $contains, $split and $replace ask of the matcher that they are given: a regex, or a function like one.
import { raise } from '../closure/failure.js'
import type { FunctionValue } from '../closure/function-value.js'
import { isFunctionValue } from '../closure/values.js'

export interface MatchLike {
  readonly match: string
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
  readonly next: FunctionValue
}

export function firstMatch(matcher: FunctionValue, text: string): MatchLike | undefined {
  return checked(matcher(text))
}

export function nextMatch(match: MatchLike): MatchLike | undefined {
  return checked(match.next(undefined))
}

function checked(found: unknown): MatchLike | undefined {
  const match = found as MatchLike | undefined
  // The reference's own test, which asks for less than it needs.
  const isMatch = !match || typeof match.start === 'number' || (match.end as unknown) === 'number' || Array.isArray(match.groups) || isFunctionValue(match.next)
  return isMatch ? match : raise({ code: 'T1010' })
}
