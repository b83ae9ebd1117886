// A stable merge sort that compares exactly the pairs that the reference compares, since comparing a pair can fail.
import { spend } from './run.js'

/** True when the second item goes before the first. */
export type Swaps = (first: unknown, second: unknown) => boolean

export function mergeSort(items: readonly unknown[], swaps: Swaps): unknown[] {
  if (items.length <= 1) return [...items]
  const middle = Math.floor(items.length / 2)
  const left = mergeSort(items.slice(0, middle), swaps)
  const right = mergeSort(items.slice(middle), swaps)
  const merged: unknown[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length) {
    spend(1)
    merged.push(swaps(left[l], right[r]) ? right[r++] : left[l++])
  }
  while (l < left.length) merged.push(left[l++])
  while (r < right.length) merged.push(right[r++])
  return merged
}
