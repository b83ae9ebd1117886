// How a condition on a path over rows is asked of each row: `$contains(accounts.name, "x")` → `$exists(accounts[$contains(name, "x")])`.
import { functions } from '../functions/index.js'
import type { About } from './rule.js'
import { parametersOf } from './signatures.js'
import type { Piece } from './visit.js'

/** Whether a function takes one value there, and fails on several. */
export function wantsOne(name: string, index: number): boolean {
  const signature = functions.get(name)?.signature
  const types = signature === undefined ? undefined : parametersOf(signature)?.[index]?.types
  return types !== undefined && !/[axjo]/.test(types)
}

export function askEachRow(name: string, list: Piece, args: readonly Piece[], about: About): string {
  const parts = list.seen.is === 'rows' ? about.split(list.node, list.seen.relation) : undefined
  const others = args.slice(1).map((each) => `, ${about.say(each.node)}`)
  return parts && args[0] === list ? `Ask each row: $exists(${parts.rows}[$${name}(${parts.rest}${others.join('')})]).` : 'Ask each row for itself, inside [ ].'
}
