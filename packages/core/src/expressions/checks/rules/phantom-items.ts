// `accounts.technologies[$not($ = "SAP")]`: for an account without the list JSONata asks the predicate about nothing at all,
// and where that is true something counts that is not there.
import { defineRule } from '../rule.js'
import { missingBy } from '../seen.js'
import { truthOnMissing } from '../truth-on-missing.js'

export const phantomItems = defineRule('expression/phantom-items', ['filter'], ({ node, of, over, step }, about) => {
  if (!over || missingBy(of).length === 0 || truthOnMissing(node) !== true) return []
  const list = String(step.value)
  return [{ node, params: { list, instead: `Add a condition: ${list}[$exists($) and ${about.say(node)}].` } }]
})
