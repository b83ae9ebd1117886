// `x = null` matches nobody: what has no value is missing.
import { defineRule } from '../rule.js'
import { writtenValue } from '../seen.js'

export const comparesNull = defineRule('expression/compares-null', ['comparison'], ({ node, operator, left, right }, about) => {
  const [value, other] = writtenValue(left.seen) === null ? [left, right] : [right, left]
  const isFollowed = other.seen.is === 'list' || other.seen.is === 'rows' || other.seen.is === 'object' || (other.seen.is === 'plain' && !other.seen.constant)
  if (operator !== '=' || writtenValue(value.seen) !== null || !isFollowed) return []
  return [{ node, params: { field: about.say(other.node), instead: `Write $not($exists(${about.say(other.node)})).` } }]
})
