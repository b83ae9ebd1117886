// `accounts.annualRevenue > 5` fails for people with two accounts (T2010); so do arithmetic and functions of one value.
import { askEachRow, wantsOne } from '../rewrite.js'
import { type About, defineRule } from '../rule.js'
import type { Seen } from '../seen.js'
import { type Comparison, flipped, ordering } from '../visit.js'

export const listAsValue = defineRule('expression/list-as-value', ['comparison', 'arithmetic', 'call'], (visit, about) => {
  switch (visit.at) {
    case 'comparison': {
      const list = [visit.left, visit.right].find(({ seen }) => isList(seen))
      return ordering(visit.operator) && list ? [{ node: visit.node, params: { list: about.say(list.node), where: visit.operator, instead: insteadOfOrder(visit, about) } }] : []
    }
    case 'arithmetic': {
      const list = visit.operands.find(({ seen }) => isList(seen))
      return list ? [{ node: visit.node, params: { list: about.say(list.node), where: String(visit.node.value), instead: `Take one number of it: $sum(${about.say(list.node)}), $max(…), or one row.` } }] : []
    }
    case 'call':
      return visit.args.filter(({ seen }, index) => seen.is === 'rows' && isList(seen) && wantsOne(visit.name, index)).map((each) => ({ node: each.node, params: { list: about.say(each.node), where: `$${visit.name}`, instead: askEachRow(visit.name, each, visit.args, about) } }))
  }
})

function isList(seen: Seen): boolean {
  return seen.is === 'list' || (seen.is === 'rows' && seen.filters.length === 0 && !seen.maybeOne)
}

function insteadOfOrder({ operator, left, right }: Comparison, about: About): string {
  const [list, value, sign] = isList(left.seen) ? [left, right, operator] : [right, left, flipped(operator)]
  const parts = list.seen.is === 'rows' ? about.split(list.node, list.seen.relation) : undefined
  return parts && !isList(value.seen) ? `Write $exists(${parts.rows}[${parts.rest} ${sign} ${about.say(value.node)}]), or $max(${about.say(list.node)}) ${sign} ${about.say(value.node)}.` : 'Compare one value: a count, $max(…), or one row.'
}
