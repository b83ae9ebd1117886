// Conditions that hold whatever the data: `$exists(accounts)`, `$count(x) >= 0`, `x != 1 or x != 2`.
import type { SyntaxNode } from '../../syntax-tree.js'
import { type About, defineRule } from '../rule.js'
import { writtenValue } from '../seen.js'
import { decidedBy } from '../decided.js'
import { isOperator, leftOf } from '../tree.js'
import type { Visit } from '../visit.js'

export const alwaysTrue = defineRule('expression/always-true', ['condition', 'chain'], (visit, about) => {
  if (visit.at === 'chain') return visit.operator === 'or' ? differsFromOne(visit, about) : []
  const decided = decidedBy(visit, about)
  return decided?.truth === true ? [{ node: visit.node, params: { condition: about.say(visit.node), reason: decided.reason, instead: decided.instead } }] : []
})

/** `country != "US" or country != "DE"` */
function differsFromOne({ operands, seenOf, node }: Extract<Visit, { at: 'chain' }>, about: About) {
  const unequal = operands.flatMap((each) => toUnequal(each, seenOf, about))
  const clash = unequal.find((each) => unequal.some((other) => other.subject === each.subject && other.value !== each.value))
  if (!clash) return []
  const values = unequal.filter((each) => each.subject === clash.subject).map((each) => JSON.stringify(each.value)).join(', ')
  return [{ node, params: { condition: about.say(node), reason: `every value of ${clash.subject} differs from one of them`, instead: `Did you mean $not(${clash.subject} in [${values}])?` } }]
}

type SeenOf = Extract<Visit, { at: 'chain' }>['seenOf']

function toUnequal(node: SyntaxNode, seenOf: SeenOf, about: About): readonly { readonly subject: string; readonly value: unknown }[] {
  const left = leftOf(node)
  if (!isOperator(node, '!=') || !left || !node.rhs) return []
  const [subject, literal] = left.type === 'path' ? [left, node.rhs] : [node.rhs, left]
  const value = writtenValue(seenOf(literal) ?? { is: 'any' })
  return subject.type !== 'path' || value === undefined ? [] : [{ subject: about.textOf(subject), value }]
}
