// `$sum(opportunities.amount) < 1000` leaves out people without deals: the sum of nothing is missing.
import { isSure } from '../guards.js'
import { defineRule } from '../rule.js'
import { type Seen, knownValue } from '../seen.js'
import { type ComparisonOperator, flipped } from '../visit.js'

export const emptyAggregate = defineRule('expression/empty-aggregate', ['comparison'], ({ node, operator, left, right, scope }, about) => {
  const [aggregate, value, sign] = isAggregate(left.seen) ? [left, right, operator] : [right, left, flipped(operator)]
  if (!isAggregate(aggregate.seen) || aggregate.seen.is !== 'plain' || !wouldHoldForNone(aggregate.seen.made === 'sum', sign, value.seen)) return []
  if (aggregate.seen.missingBy.length === 0 || isSure(aggregate.seen.missingBy, scope.sure, about.textOf)) return []
  return [{ node, params: { aggregate: about.say(aggregate.node), instead: `Write (${about.say(aggregate.node)} ?? 0) ${sign} ${about.say(value.node)} to include them.` } }]
})

function isAggregate(seen: Seen): boolean {
  return seen.is === 'plain' && (seen.made === 'sum' || seen.made === 'max' || seen.made === 'min' || seen.made === 'average')
}

/** Whether people would expect a match where there is nothing: 0 fulfils the comparison. */
function wouldHoldForNone(isSum: boolean, operator: ComparisonOperator, value: Seen): boolean {
  const limit = knownValue(value)
  switch (operator) {
    case '<':
    case '<=':
      return typeof limit !== 'number' || limit > 0 || (limit === 0 && operator === '<=')
    case '!=':
      return limit !== 0
    case '=':
      return limit === 0
    case '>':
      return isSum && typeof limit === 'number' && limit < 0
    case '>=':
      return isSum && typeof limit === 'number' && limit <= 0
    case 'in':
      return false
  }
}
