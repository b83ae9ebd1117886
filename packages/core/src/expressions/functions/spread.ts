import { newSequence, addItem, isFunctionValue, keysOf, append } from '../closure/values.js'
import { aboutOf } from '../closure/function-value.js'
import { defineFunction } from './function-spec.js'

export const spread = defineFunction({ name: 'spread', signature: '<x-:a<o>>', closure: (value: unknown) => spreadOf(value) })

function spreadOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    let all: unknown = newSequence()
    for (const item of value) all = append(all, spreadOf(item))
    return all
  }
  // The reference takes its own functions for objects without keys, lambdas for what they are.
  if (isFunctionValue(value)) return aboutOf(value).kind === 'native' ? newSequence() : value
  if (typeof value !== 'object' || value === null) return value
  const parts = newSequence()
  for (const key of keysOf(value)) addItem(parts, Object.assign(Object.create(null) as object, { [key]: (value as Readonly<Record<string, unknown>>)[key] }))
  return parts
}
