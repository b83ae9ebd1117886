// From counts in a sample to numbers for everybody, with the interval that holds the true number 19 times of 20.
import type { Interval } from './plan.js'

/** Of `size` profiles that were looked at, `found` have it; there are `of` profiles. */
export interface SampleCount {
  readonly found: number
  readonly size: number
  readonly of: number
}

/** @example estimate({ found: 31, size: 1000, of: 100_000 }) // 3100 */
export function estimate({ found, size, of }: SampleCount): number {
  return size === 0 ? 0 : Math.round((found / size) * of)
}

// 95 % of a normal distribution lie within so many deviations.
const z = 1.96

/**
 * Wilson's score interval (E. B. Wilson, 1927), which also holds for shares near nothing, narrowed for samples that are a large
 * part of the whole.
 */
export function intervalOf({ found, size, of }: SampleCount): Interval {
  if (size === 0) return [0, of]
  const share = found / size
  const left = Math.sqrt(Math.max(0, (of - size) / Math.max(1, of - 1)))
  const z2 = (z * left) ** 2
  const middle = (share + z2 / (2 * size)) / (1 + z2 / size)
  const half = (z * left * Math.sqrt((share * (1 - share)) / size + z2 / (4 * size * size))) / (1 + z2 / size)
  // What was seen is there, whatever the formula says of very small shares.
  return [Math.max(found, Math.floor((middle - half) * of)), Math.min(of - size + found, Math.ceil((middle + half) * of))]
}
