// `accounts.industry = "X"` is true with one account and false with two; `tags = "vip"` is never true.
import { type About, defineRule } from '../rule.js'
import type { Seen } from '../seen.js'
import { type Comparison, type Piece, ordering } from '../visit.js'

export const listEquality = defineRule('expression/list-equality', ['comparison'], (visit, about) => {
  if (ordering(visit.operator)) return []
  const [list, value] = isWholeList(visit.left.seen) ? [visit.left, visit.right] : [visit.right, visit.left]
  if (visit.operator === 'in') return isWholeList(visit.left.seen) ? [{ node: visit.node, params: { list: describe(visit.left, about), outcome: 'a list is in no list', instead: insteadOfIn(visit, about) } }] : []
  if (!isWholeList(list.seen) || value.seen.is !== 'plain' || value.seen.type === 'null') return []
  return [{ node: visit.node, params: { list: describe(list, about), outcome: outcomeOf(visit, list), instead: insteadOf(visit, list, value, about) } }]
})

/** A bare path over rows, a field that is a list, a list that is written out. */
function isWholeList(seen: Seen): boolean {
  return seen.is === 'list' || (seen.is === 'rows' && seen.filters.length === 0 && !seen.maybeOne)
}

function describe({ node, seen }: Piece, about: About): string {
  return `${about.say(node)} is a list${seen.is === 'rows' && !seen.isWhole ? ' as soon as there are several' : ''}`
}

function outcomeOf({ operator }: Comparison, { seen }: Piece): string {
  if (seen.is === 'rows' && !seen.isWhole) return operator === '=' ? 'it equals the value only for those with one' : 'it differs from the value for all with several'
  return operator === '=' ? 'it never equals one value' : 'it always differs from one value'
}

function insteadOf({ operator }: Comparison, list: Piece, value: Piece, about: About): string {
  const found = `${about.say(value.node)} in ${about.say(list.node)}`
  if (list.seen.is === 'rows' && list.seen.item.is === 'object') return `Compare a field of each: $exists(${about.say(list.node)}[… ${operator} ${about.say(value.node)}]).`
  if (list.node.type === 'unary') return `Write ${operator === '=' ? found : `$not(${found})`}.`
  if (operator === '!=') return `Write $not(${found}).`
  const parts = list.seen.is === 'rows' ? about.split(list.node, list.seen.relation) : undefined
  if (!parts) return `Write ${found}.`
  const condition = list.seen.is === 'rows' && list.seen.isNested === true ? `${about.say(value.node)} in ${parts.rest}` : `${parts.rest} = ${about.say(value.node)}`
  return `Write ${found}, or $exists(${parts.rows}[${condition}]).`
}

function insteadOfIn({ left, right }: Comparison, about: About): string {
  const parts = left.seen.is === 'rows' ? about.split(left.node, left.seen.relation) : undefined
  if (parts) return `Write $exists(${parts.rows}[${parts.rest} in ${about.say(right.node)}]).`
  return `Write $exists(${about.say(left.node)}[$ in ${about.say(right.node)}]).`
}
