// A value that the schema's enum does not have.
import { suggestion } from '../../../kernel/suggest.js'
import { defineRule } from '../rule.js'
import { type Seen, eachOf } from '../seen.js'
import { type Comparison, type Piece, ordering } from '../visit.js'

export const impossibleValue = defineRule('expression/impossible-value', ['comparison'], (visit, about) => {
  if (ordering(visit.operator)) return []
  const [field, values] = enumOf(visit.left.seen) ? [visit.left, valuesIn(visit, visit.right)] : [visit.right, valuesIn(visit, visit.left)]
  const allowed = enumOf(field.seen)
  if (!allowed) return []
  return values.flatMap(({ node, seen }) => {
    const value = seen.is === 'plain' ? seen.constant?.value : undefined
    return typeof value !== 'string' || allowed.includes(value) ? [] : [{ node, params: { field: about.say(field.node), value: JSON.stringify(value), allowed: listed(allowed), suggestion: suggestionFor(value, allowed) } }]
  })
})

function enumOf(seen: Seen): readonly string[] | undefined {
  const one = eachOf(seen)
  return one.is === 'plain' ? one.field?.enum : undefined
}

function valuesIn({ operator }: Comparison, { node, seen }: Piece): readonly Piece[] {
  if (operator !== 'in' || seen.is !== 'list') return [{ node, seen }]
  return (seen.items ?? []).map((each, index) => ({ node: node.expressions?.[index] ?? node, seen: each }))
}

function listed(allowed: readonly string[]): string {
  return allowed.length <= 12 ? allowed.map((each) => JSON.stringify(each)).join(', ') : `those ${String(allowed.length)} of the schema`
}

function suggestionFor(value: string, allowed: readonly string[]): string {
  const told = suggestion(value, allowed)
  return told.startsWith('Did') ? told : ''
}
