// `score > "50"` fails on everyone (T2009), `score = "50"` matches nobody.
import { type About, defineRule } from '../rule.js'
import { type Seen, eachOf } from '../seen.js'
import { isTime, isWhat, literalInstead } from '../phrases.js'
import { type Comparison, type Piece, ordering } from '../visit.js'

export const differentTypes = defineRule('expression/different-types', ['comparison'], (visit, about) => {
  const pair = findPair(visit)
  if (!pair) return []
  const [left, right] = pair
  return [{ node: visit.node, params: { left: isWhat(left, about), right: isItem(right, visit) ? hasItem(right, about) : isWhat(right, about), outcome: outcomeOf(visit), instead: insteadOf(visit.operator, left, right, about) } }]
})

/** The two pieces that do not go together. */
function findPair({ operator, left, right }: Comparison): readonly [Piece, Piece] | undefined {
  const [a, b] = [valueOf(left), valueOf(right)]
  if (operator === 'in' && right.seen.is === 'list' && right.seen.items) {
    const odd = right.seen.items.findIndex((each) => areDifferent(a.seen, each))
    const item = right.seen.items[odd]
    return item ? [a, { node: right.node.expressions?.[odd] ?? right.node, seen: item }] : undefined
  }
  return areDifferent(a.seen, operator === 'in' ? eachOf(right.seen) : b.seen) ? [a, { node: b.node, seen: operator === 'in' ? eachOf(right.seen) : b.seen }] : undefined
}

/** One of the items of a sandbox variable. */
function isItem({ node, seen }: Piece, { right }: Comparison): boolean {
  return node === right.node && right.seen.is === 'list' && seen.is === 'plain' && seen.constant?.from === 'vars'
}

function hasItem({ node, seen }: Piece, about: About): string {
  return `${about.say(node)} has ${seen.is === 'plain' ? JSON.stringify(seen.constant?.value) : 'another type'} in this sandbox`
}

// Of rows that pass a filter one is compared; whole lists are another mistake.
function valueOf(piece: Piece): Piece {
  return piece.seen.is === 'rows' && piece.seen.filters.length > 0 ? { node: piece.node, seen: piece.seen.item } : piece
}

function areDifferent(a: Seen, b: Seen): boolean {
  if (a.is === 'plain' && b.is === 'plain') return a.type !== b.type && a.type !== 'null' && b.type !== 'null'
  const isObject = (seen: Seen): boolean => seen.is === 'object' || seen.is === 'record'
  return (isObject(a) && b.is === 'plain' && b.type !== 'null') || (isObject(b) && a.is === 'plain' && a.type !== 'null')
}

function outcomeOf({ operator }: Comparison): string {
  if (ordering(operator)) return `${operator} fails on them`
  if (operator === '!=') return 'they always differ'
  return operator === 'in' ? 'it is never found' : 'they are never equal'
}

function insteadOf(operator: Comparison['operator'], left: Piece, right: Piece, about: About): string {
  const [a, b] = [left.seen, right.seen]
  if (isTime(a) && b.is === 'plain' && b.type === 'number') return `Compare with an instant as text, such as $daysAgo(30), or take $toMillis(${about.say(left.node)}).`
  if (isTime(b) && a.is === 'plain' && a.type === 'number') return `Compare with an instant as text, such as $daysAgo(30), or take $toMillis(${about.say(right.node)}).`
  const text = [left, right].find(({ seen }) => seen.is === 'plain' && seen.type === 'string' && !seen.constant)
  if (ordering(operator) && text) return `Convert it, $number(${about.say(text.node)}), or compare texts.`
  const literal = (b.is === 'plain' ? literalInstead(left, b.type, about) : undefined) ?? (a.is === 'plain' ? literalInstead(right, a.type, about) : undefined)
  return literal ?? 'Compare values of one type; $number and $string convert.'
}
