// `$toMillis("01/02/2024")` is an error (D3110); a date field compared with such a text means nothing.
import { findInstant } from '../../../kernel/clock.js'
import { defineRule } from '../rule.js'
import { type Seen, knownValue } from '../seen.js'
import { isTime } from '../phrases.js'
import { type Comparison, type Piece, ordering } from '../visit.js'

export const notADate = defineRule('expression/not-a-date', ['comparison', 'call'], (visit, about) => {
  if (visit.at === 'call') {
    const [first, ...others] = visit.args
    const text = first ? knownValue(first.seen) : undefined
    return first && visit.name === 'toMillis' && others.length === 0 && typeof text === 'string' && !isMillisText(text) ? [{ node: first.node, params: { value: about.say(first.node), where: '$toMillis fails on it' } }] : []
  }
  const [time, values] = isTime(visit.left.seen) ? [visit.left, valuesIn(visit, visit.right)] : [visit.right, valuesIn(visit, visit.left)]
  if (!isTime(time.seen)) return []
  return values.filter(({ seen }) => isOdd(seen, ordering(visit.operator))).map(({ node }) => ({ node, params: { value: about.say(node), where: `${about.say(time.node)} is one` } }))
})

function valuesIn({ operator }: Comparison, { node, seen }: Piece): readonly Piece[] {
  if (operator !== 'in' || seen.is !== 'list') return [{ node, seen }]
  return (seen.items ?? []).map((each, index) => ({ node: node.expressions?.[index] ?? node, seen: each }))
}

/** "2024" and "2024-06" come before all instants in them: an order by them is fine. */
function isOdd(seen: Seen, isOrdered: boolean): boolean {
  const value = seen.is === 'plain' ? seen.constant?.value : undefined
  if (typeof value !== 'string' || (isOrdered && /^\d{4}(-(0[1-9]|1[0-2]))?$/.test(value))) return false
  return findInstant(value) === undefined
}

function isMillisText(text: string): boolean {
  if (/^\d{4}(-(0[1-9]|1[0-2]))?$/.test(text)) return true
  return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:?\d{2}|Z)?)?$/.test(text) && findInstant(text) !== undefined
}
