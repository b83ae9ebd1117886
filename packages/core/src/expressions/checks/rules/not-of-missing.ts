// `$not(flag)` and `$boolean(flag)` are missing where the flag is.
import { isSure } from '../guards.js'
import { type About, defineRule } from '../rule.js'
import { missingBy } from '../seen.js'
import { functionName } from '../tree.js'
import type { Call, Comparison, Piece } from '../visit.js'

export const notOfMissing = defineRule('expression/not-of-missing', ['call', 'comparison'], (visit, about) => (visit.at === 'call' ? ofNot(visit, about) : ofBoolean(visit, about)))

function ofNot({ node, name, args, scope }: Call, about: About) {
  const [first] = args
  if (name !== 'not' || !first || missingBy(first.seen).length === 0 || isSure(missingBy(first.seen), scope.sure, about.textOf)) return []
  return [{ node, params: { function: name, argument: about.say(first.node), instead: insteadOf(first, about) } }]
}

// As a condition a missing $boolean is as good as a false one; compared with false it is not.
function ofBoolean({ operator, left, right, scope }: Comparison, about: About) {
  const call = [left, right].find(({ node }) => functionName(node) === 'boolean')
  const [argument] = call?.node.arguments ?? []
  if (!call || !argument || (operator !== '=' && operator !== '!=') || missingBy(call.seen).length === 0 || isSure(missingBy(call.seen), scope.sure, about.textOf)) return []
  return [{ node: call.node, params: { function: 'boolean', argument: about.say(argument), instead: `Write ${about.say(argument)} = true, or $not(${about.say(argument)} = true).` } }]
}

function insteadOf({ node, seen }: Piece, about: About): string {
  const text = about.say(node)
  if (seen.is === 'plain' && seen.type === 'boolean' && (node.type === 'path' || node.type === 'variable')) return `Write $not(${text} = true) to include them.`
  if (node.type === 'path' || node.type === 'variable') return `Write $not($exists(${text})) for those without.`
  const cause = missingBy(seen)[0]?.[0]
  return cause === undefined ? 'Compare inside it with = or in, which are never missing.' : `To include them add: or $not($exists(${cause})).`
}
