// A name that the schemas do not have. Inside brackets names mean the item, which is the usual reason.
import { suggestion } from '../../../kernel/suggest.js'
import { type About, defineRule } from '../rule.js'
import type { Thing } from '../seen.js'
import type { UnknownName } from '../visit.js'

export const unknownField = defineRule('expression/unknown-field', ['unknown'], (visit, about) => [
  { node: visit.node, token: true, params: { field: visit.name, of: ownerOf(visit, about), suggestion: suggest(visit, about) } },
])

function ownerOf({ from, path, node }: UnknownName, about: About): string {
  if (from.is === 'object') return from.prefix === '' ? from.name : `${from.name}.${from.prefix.slice(0, -1)}`
  const steps = path.steps ?? []
  return about.say({ type: 'path', steps: steps.slice(0, steps.indexOf(node)) })
}

function suggest(visit: UnknownName, about: About): string {
  const { from, name, path, isFirst } = visit
  if (from.is === 'plain') return `${ownerOf(visit, about)} is one plain value and has no fields.`
  if (about.rootNames.includes(name)) return isFirst ? `Inside [ ] names mean the item; write $$.${about.say(path)}.` : `${name} is not inside ${from.name}; it stands beside it: $$.${name}.`
  return suggestion(name, namesIn(from))
}

/** The names that may stand here: of nested fields their next part. */
function namesIn({ shape, prefix }: Thing): readonly string[] {
  const below = Object.keys(shape.fields).filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length).split('.')[0] ?? '')
  return [...new Set(below)]
}
