import { newSequence, isSequence, deepEqual } from '../closure/values.js'
import { spend } from '../closure/run.js'
import { defineFunction } from './function-spec.js'

export const distinct = defineFunction({ name: 'distinct', signature: '<x:x>', closure: (value: unknown) => distinctOf(value) })

function distinctOf(value: unknown): unknown {
  if (!Array.isArray(value) || value.length <= 1) return value
  const kept: unknown[] = isSequence(value) ? newSequence() : []
  const simple = new Set<unknown>()
  for (const item of value) {
    if (isKnown(item, kept, simple)) continue
    kept.push(item)
    if (typeof item !== 'object') simple.add(item)
  }
  return kept
}

// Texts and numbers are equal only to themselves; NaN not even to that.
function isKnown(item: unknown, kept: readonly unknown[], simple: ReadonlySet<unknown>): boolean {
  if (typeof item !== 'object') return simple.has(item) && item === item
  spend(kept.length)
  return kept.some((each) => deepEqual(item, each))
}
