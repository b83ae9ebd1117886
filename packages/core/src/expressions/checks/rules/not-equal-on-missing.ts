// `person.x != "a"` is false where x is missing.
import { isSure } from '../guards.js'
import { defineRule } from '../rule.js'
import { knownValue } from '../seen.js'

export const notEqualOnMissing = defineRule('expression/not-equal-on-missing', ['comparison'], ({ node, operator, left, right, scope }, about) => {
  if (operator !== '!=') return []
  // Unequal to nothing and to the empty text is a way to say: it is there.
  if ([left, right].some(({ seen }) => knownValue(seen) === null || knownValue(seen) === '')) return []
  const odd = [left, right].find(({ seen }) => seen.is === 'plain' && seen.missingBy.length > 0 && !isSure(seen.missingBy, scope.sure, about.textOf))
  return odd ? [{ node, params: { field: about.say(odd.node), instead: `Write $not(${about.say(left.node)} = ${about.say(right.node)}) to include them.` } }] : []
})
