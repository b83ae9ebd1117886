// Objects are compared field by field, those that nobody thinks of included.
import { defineRule } from '../rule.js'
import type { Seen } from '../seen.js'

export const objectEquality = defineRule('expression/object-equality', ['comparison'], ({ node, operator, left, right }, about) => {
  const [thing, other] = left.seen.is === 'object' ? [left, right] : [right, left]
  if ((operator !== '=' && operator !== '!=') || thing.seen.is !== 'object' || !isObject(other.seen)) return []
  return [{ node, params: { what: about.say(thing.node) } }]
})

function isObject(seen: Seen): boolean {
  return seen.is === 'object' || seen.is === 'record' || seen.is === 'vars'
}
