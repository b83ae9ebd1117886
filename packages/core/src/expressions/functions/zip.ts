import { defineFunction } from './function-spec.js'

export const zip = defineFunction({
  name: 'zip', signature: '<a+>',
  closure: (...lists: readonly unknown[]) => {
    const shortest = Math.min(...lists.map((list) => (Array.isArray(list) ? list.length : 0)))
    return Array.from({ length: Number.isFinite(shortest) ? shortest : 0 }, (_, index) => lists.map((list) => (list as readonly unknown[])[index]))
  },
})
