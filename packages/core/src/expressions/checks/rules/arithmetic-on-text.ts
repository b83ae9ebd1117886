// `"a" + "b"`, `$now() - 30`: JSONata raises T2001 or T2002.
import { type About, defineRule } from '../rule.js'
import { eachOf } from '../seen.js'
import { isTime, isWhat, literalInstead } from '../phrases.js'
import type { Piece } from '../visit.js'

export const arithmeticOnText = defineRule('expression/arithmetic-on-text', ['arithmetic'], ({ node, operands }, about) => {
  const odd = operands.map((each): Piece => ({ node: each.node, seen: eachOf(each.seen) })).find(({ seen }) => (seen.is === 'plain' && seen.type !== 'number') || seen.is === 'object' || seen.is === 'record')
  const operator = String(node.value)
  return odd ? [{ node, params: { what: isWhat(odd, about), operator, instead: insteadOf(odd, operator, operands, about) } }] : []
})

function insteadOf(odd: Piece, operator: string, operands: readonly Piece[], about: About): string {
  if (isTime(odd.seen)) return `Take $toMillis(${about.say(odd.node)}); $daysAgo(30) is the instant thirty days ago.`
  const areTexts = operands.every(({ seen }) => seen.is === 'plain' && seen.type === 'string')
  if (operator === '+' && areTexts) return 'Texts are joined with &.'
  return literalInstead(odd, 'number', about) ?? (odd.seen.is === 'plain' && odd.seen.type === 'string' ? `Convert it: $number(${about.say(odd.node)}).` : 'Use a number.')
}
