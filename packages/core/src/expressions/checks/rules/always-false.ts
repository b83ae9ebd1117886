// Conditions that hold for nobody, whatever the data: `$count(x) < 0`, `a = 1 and a = 2`, `a > 5 and a < 3`.
import { type About, defineRule } from '../rule.js'
import { decidedBy } from '../decided.js'
import { type Demand, demandOf, exclude } from '../demands.js'
import type { Visit } from '../visit.js'

export const alwaysFalse = defineRule('expression/always-false', ['condition', 'chain'], (visit, about) => {
  if (visit.at === 'chain') return visit.operator === 'and' ? contradictions(visit, about) : []
  const decided = decidedBy(visit, about)
  return decided?.truth === false ? [{ node: visit.node, params: { condition: about.say(visit.node), reason: decided.reason, instead: decided.instead } }] : []
})

function contradictions({ operands, seenOf }: Extract<Visit, { at: 'chain' }>, about: About) {
  const demands = operands.flatMap((each): readonly Demand[] => {
    const demand = demandOf(each, seenOf, about)
    return demand ? [demand] : []
  })
  for (const [index, each] of demands.entries()) {
    const other = demands.slice(0, index).find((earlier) => exclude(earlier, each))
    if (!other) continue
    return [{ node: each.node, params: { condition: `${about.say(other.node)} and ${about.say(each.node)}`, reason: 'the two exclude each other', instead: each.values && other.values ? `Did you mean or, or ${each.subject} in […]?` : 'Did you mean or?' } }]
  }
  return []
}
