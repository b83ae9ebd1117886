// `$lowercase(employees)`, `$sum(accounts.name)`, `$contains(tags, "vip")`: JSONata raises T0410 or T0412.
import { functions } from '../../functions/index.js'
import { type About, defineRule } from '../rule.js'
import { type Seen, eachOf } from '../seen.js'
import { isTime, isWhat } from '../phrases.js'
import { type Parameter, parametersOf } from '../signatures.js'
import type { Call, Piece } from '../visit.js'

export const wrongArgument = defineRule('expression/wrong-argument', ['call'], (visit, about) => {
  const signature = functions.get(visit.name)?.signature
  const parameters = signature === undefined ? undefined : parametersOf(signature)
  if (!parameters || takesContext(visit.args, parameters)) return []
  return visit.args.flatMap((arg, index) => {
    const parameter = parameters[index]
    const odd = parameter ? findOdd(arg, parameter) : undefined
    return parameter && odd ? [{ node: arg.node, params: { function: visit.name, what: isWhat(odd, about), wanted: wantedBy(parameter), instead: insteadOf(visit, odd, about) } }] : []
  })
})

/** With too few arguments the context takes the first place, and the others move on by one. */
function takesContext(args: readonly Piece[], parameters: readonly Parameter[]): boolean {
  const [first, second] = parameters
  const [arg] = args
  if (args.length < parameters.filter((each) => !each.isOptional).length) return true
  return first?.mayBeContext === true && second !== undefined && arg !== undefined && args.length < parameters.length && findOdd(arg, second) === undefined
}

/** The argument, or the item of it, that does not fit. */
function findOdd({ node, seen }: Piece, { types, items }: Parameter): Piece | undefined {
  if (types.includes('x') || types.includes('j')) return undefined
  const isList = seen.is === 'list' || seen.is === 'rows'
  if (types.includes('a')) {
    const item = { node, seen: eachOf(seen) }
    return items !== undefined && !fits(item.seen, items) ? item : undefined
  }
  // A list over rows may be one value: another rule speaks of that.
  if (seen.is === 'rows') return seen.filters.length > 0 && !fits(seen.item, types) ? { node, seen: seen.item } : undefined
  return isList || !fits(seen, types) ? { node, seen } : undefined
}

function fits(seen: Seen, types: string): boolean {
  switch (seen.is) {
    case 'plain':
      return types.includes({ string: 's', number: 'n', boolean: 'b', null: 'l' }[seen.type])
    case 'object':
    case 'record':
      return types.includes('o')
    case 'list':
      return types.includes('a')
    case 'lambda':
    case 'regex':
      return types.includes('f')
    case 'any':
    case 'missing':
    case 'root':
    case 'segments':
    case 'vars':
    case 'rows':
      return true
  }
}

const words: Readonly<Record<string, string>> = { s: 'text', n: 'a number', b: 'true or false', a: 'a list', o: 'an object', f: 'a function' }

function wantedBy({ types, items }: Parameter): string {
  if (items !== undefined) return items === 'n' ? 'numbers' : items === 's' ? 'texts' : 'objects'
  return [...types].map((each) => words[each] ?? 'something else').join(' or ')
}

const sums: ReadonlySet<string> = new Set(['sum', 'max', 'min', 'average'])

function insteadOf({ name, args }: Call, { node, seen }: Piece, about: About): string {
  const text = about.say(node)
  const whole = args.find((each) => each.node === node)?.seen
  if (seen.is === 'list' && name === 'contains' && args[1]) return `Write ${about.say(args[1].node)} in ${text}.`
  const parts = whole?.is === 'rows' ? about.split(node, whole.relation) : undefined
  if (isTime(seen) && parts && (name === 'max' || name === 'min')) return `Sort instead, (${parts.rows}^(${name === 'max' ? '>' : '<'}${parts.rest}))[0].${parts.rest}, or take milliseconds: $${name}(${parts.rows}.$toMillis(${parts.rest})).`
  if (sums.has(name)) return `Take a field that holds numbers; $count(${text}) tells how many there are.`
  if (seen.is === 'plain' && seen.type === 'number') return name === 'toMillis' ? 'Leave $toMillis out.' : `Convert it: $string(${text}), or write a comparison.`
  return seen.is === 'list' ? `Ask each item: ${text}[$${name}($)].` : 'See docs.jsonata.org for what it takes.'
}
