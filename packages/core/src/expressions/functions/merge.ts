import { keysOf } from '../closure/values.js'
import { defineFunction } from './function-spec.js'

export const merge = defineFunction({
  name: 'merge', signature: '<a<o>:o>',
  closure: (objects: readonly Readonly<Record<string, unknown>>[] | undefined) => {
    if (objects === undefined) return undefined
    const merged = Object.create(null) as Record<string, unknown>
    for (const object of objects) for (const key of keysOf(object)) merged[key] = object[key]
    return merged
  },
})
