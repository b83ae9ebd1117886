// Whether a value counts as true, as JSONata's $boolean casts it (docs.jsonata.org, boolean functions).
import { type Json, isJsonArray } from '../kernel/json.js'
import type { Outcome } from './expression.js'

/** Missing, null, 0, NaN, "", {}, [] are false; a list is true when any item is. */
export function isTrue(value: Json | undefined): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value)
  if (typeof value === 'object') return isJsonArray(value) ? value.some(isTrue) : Object.keys(value).length > 0
  return value !== '' && value !== false
}

/** What an outcome means for a segment: in, out, or an error with its code (then out, and counted). */
export type Verdict = { readonly is: 'in' } | { readonly is: 'out' } | { readonly is: 'error'; readonly code: string }

export function toVerdict(outcome: Outcome): Verdict {
  if (!outcome.ok) return { is: 'error', code: outcome.code }
  if (hasInfinity(outcome.value)) return { is: 'error', code: 'D1001' }
  return isTrue(outcome.value) ? { is: 'in' } : { is: 'out' }
}

/** Casting an infinite number is an error of JSONata's own (D1001), also as an item of a list. */
function hasInfinity(value: Json | undefined): boolean {
  if (typeof value === 'number') return !Number.isFinite(value) && !Number.isNaN(value)
  return value !== undefined && isJsonArray(value) && value.some(hasInfinity)
}
