// `flag < true`, `score > null`, `consents > 1`: JSONata raises T2010.
import { type About, defineRule } from '../rule.js'
import { isWhat } from '../phrases.js'
import { type Comparison, type Piece, ordering } from '../visit.js'

export const noOrder = defineRule('expression/no-order', ['comparison'], (visit, about) => {
  if (!ordering(visit.operator)) return []
  const odd = findOdd(visit)
  return odd ? [{ node: visit.node, params: { what: isWhat(odd, about), operator: visit.operator, instead: insteadOf(odd, about) } }] : []
})

function findOdd({ left, right }: Comparison): Piece | undefined {
  const types = [left, right].map((each) => (each.seen.is === 'plain' ? each.seen.type : undefined))
  const nulls = [left, right].find((_, index) => types[index] === 'null')
  if (nulls) return nulls
  // Of two different types the other rule speaks.
  return types[0] === 'boolean' && types[1] === 'boolean' ? left : undefined
}

function insteadOf({ node, seen }: Piece, about: About): string {
  return seen.is === 'plain' && seen.type === 'null' ? 'For whether there is a value write $exists(…).' : `Write ${about.say(node)} = true, or = false.`
}
