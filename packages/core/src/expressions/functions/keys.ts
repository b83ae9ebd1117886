import { type Sequence, newSequence, addItem, isFunctionValue, keysOf } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

export const keys = defineFunction({ name: 'keys', signature: '<x-:a<s>>', closure: (value: unknown) => keysOfValue(value) })

/** Of a list, the keys of all its items, each once. */
function keysOfValue(value: unknown): Sequence {
  const found = newSequence()
  if (Array.isArray(value)) {
    const merged = Object.create(null) as Record<string, true>
    for (const item of value) for (const key of keysOfValue(item)) merged[key as string] = true
    for (const key of Object.keys(merged)) addItem(found, key)
  } else if (!isFunctionValue(value)) {
    for (const key of keysOf(value)) addItem(found, key)
  }
  return found
}
