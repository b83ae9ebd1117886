// $single raises D3139 for none and D3138 for several.
import { defineRule } from '../rule.js'

export const singleMayFail = defineRule('expression/single-may-fail', ['call'], ({ node, name, args }, about) => {
  const [first] = args
  if (name !== 'single' || first?.seen.is !== 'rows') return []
  return [{ node, params: { call: about.say(node), instead: `Filter instead: $exists(${about.say(first.node)}[…]), or $count(${about.say(first.node)}[…]) = 1.` } }]
})
