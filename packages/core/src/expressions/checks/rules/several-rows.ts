// `opportunities[isClosed = false].amount > 5` is a comparison with a list for people with two open deals.
import { askEachRow, wantsOne } from '../rewrite.js'
import { type About, defineRule } from '../rule.js'
import { type Rows, type Seen, writtenValue } from '../seen.js'
import { type Comparison, type Piece, flipped, ordering } from '../visit.js'

export const severalRows = defineRule('expression/several-rows', ['comparison', 'arithmetic', 'call'], (visit, about) => {
  switch (visit.at) {
    case 'comparison':
      return ofComparison(visit, about)
    case 'arithmetic':
      return visit.operands.filter(({ seen }) => isSeveral(seen)).map(({ node }) => ({ node, params: { list: about.say(node), outcome: `${String(visit.node.value)} fails on it`, instead: `Take one number of it: $sum(${about.say(node)}), $max(…), or one row.` } }))
    case 'call':
      return visit.args.filter(({ seen }, index) => isSeveral(seen) && wantsOne(visit.name, index)).map((each) => ({ node: each.node, params: { list: about.say(each.node), outcome: `$${visit.name} fails on it`, instead: askEachRow(visit.name, each, visit.args, about) } }))
  }
})

function ofComparison(visit: Comparison, about: About) {
  const { operator, left, right } = visit
  const [list, value, sign] = isSeveral(left.seen) ? [left, right, operator] : [right, left, flipped(operator)]
  if (!isSeveral(list.seen) || (operator === 'in' && list !== left) || list.seen.is !== 'rows' || list.seen.item.is !== 'plain') return []
  if (value.seen.is === 'rows' || value.seen.is === 'any' || (value.seen.is === 'list' && operator !== 'in') || writtenValue(value.seen) === null) return []
  const outcome = ordering(operator) ? `${operator} fails on it` : operator === '!=' ? 'a list differs from every value' : operator === 'in' ? 'a list is in no list' : 'a list equals no value'
  return [{ node: visit.node, params: { list: about.say(list.node), outcome, instead: insteadOf(list, list.seen, `${sign} ${about.say(value.node)}`, about) } }]
}

function insteadOf({ node }: Piece, { relation }: Rows, comparison: string, about: About): string {
  const parts = about.split(node, relation)
  return parts ? `Write $exists(${parts.rows}[${parts.rest} ${comparison}]).` : 'Ask each row for itself, inside [ ].'
}

function isSeveral(seen: Seen): boolean {
  return seen.is === 'rows' && seen.filters.length > 0 && !seen.maybeOne && seen.relation !== ''
}
