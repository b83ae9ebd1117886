// `opportunities.amount` as a condition loses 0, "false" is true: a condition should be a comparison.
import { type About, defineRule } from '../rule.js'
import { type Seen, eachOf } from '../seen.js'
import type { Condition } from '../visit.js'

export const notBoolean = defineRule('expression/not-boolean', ['condition'], (visit, about) => {
  const trap = trapOf(visit.seen)
  if (trap === undefined || isLooksFirst(visit, about)) return []
  return [{ node: visit.node, params: { what: `${about.say(visit.node)} ${trap.is}`, trap: trap.but, instead: insteadOf(visit, about) } }]
})

/** What is odd about it; undefined where its truth is what people expect: rows that pass a filter, flags. */
function trapOf(seen: Seen): { readonly is: string; readonly but: string } | undefined {
  // What is written out is always true or always false; another rule says so.
  if (seen.is === 'plain' && seen.constant) return undefined
  if (seen.is === 'object') return seen.isRow ? undefined : { is: 'is an object', but: 'it counts as true when it has any field' }
  if (seen.is === 'record') return { is: 'is an object', but: 'it counts as true when it has any field' }
  if (seen.is === 'list') return { is: 'is a list', but: 'it counts as true when any item does' }
  const one = eachOf(seen)
  if (one.is !== 'plain' || one.type === 'boolean' || one.type === 'null') return undefined
  const several = seen.is === 'rows'
  if (one.type === 'number') return { is: several ? 'gives numbers' : 'is a number', but: '0 counts as false' }
  return { is: several ? 'gives texts' : 'is text', but: '"" counts as false, and all other text as true, even "false"' }
}

/** `title ? $contains(title, …) : false` looks whether there is any. */
function isLooksFirst({ node, beside, seen }: Condition, about: About): boolean {
  const text = about.textOf(node)
  return seen.is === 'plain' && seen.type === 'string' && beside.some((each) => about.textOf(each).includes(text))
}

function insteadOf({ node, seen }: Condition, about: About): string {
  const text = about.say(node)
  if (seen.is === 'plain' && seen.made === 'count') return `Write ${text} > 0.`
  if (seen.is === 'list') return `Write $count(${text}) > 0.`
  return seen.is === 'object' || seen.is === 'record' ? `Write $exists(${text}), or compare one of its fields.` : `Write a comparison, or $exists(${text}).`
}
