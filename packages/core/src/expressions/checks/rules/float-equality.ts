// Quotients and averages are seldom exactly what one expects.
import { defineRule } from '../rule.js'
import { type Seen, knownValue } from '../seen.js'

export const floatEquality = defineRule('expression/float-equality', ['comparison'], ({ node, operator, left, right }, about) => {
  const [computed, other] = isComputed(left.seen) ? [left, right] : [right, left]
  // 0 comes out as 0.
  if ((operator !== '=' && operator !== '!=') || !isComputed(computed.seen) || knownValue(other.seen) === 0) return []
  return [{ node, params: { what: about.say(computed.node), instead: `Round it, $round(${about.say(computed.node)}, 2), or compare with < and >.` } }]
})

function isComputed(seen: Seen): boolean {
  return seen.is === 'plain' && (seen.made === 'inexact' || seen.made === 'average')
}
