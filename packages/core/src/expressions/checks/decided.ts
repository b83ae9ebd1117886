// Conditions whose truth is known without data, and why.
import { type SyntaxNode, allNodes } from '../syntax-tree.js'
import type { About } from './rule.js'
import { writtenValue } from './seen.js'
import { functionName, isOperator } from './tree.js'
import type { Condition } from './visit.js'

export interface Decided {
  readonly truth: boolean
  readonly reason: string
  readonly instead: string
}

export function decidedBy({ node, seen, role }: Condition, about: About): Decided | undefined {
  // A choice may well give true in one of its branches; `true` alone is a way to say everybody.
  if (role === 'branch' || (role === 'result' && node.type === 'value')) return undefined
  // Its parts are told.
  if (isOperator(node, 'and', 'or')) return undefined
  if (seen.is === 'regex' || seen.is === 'lambda') return { truth: false, reason: 'a function counts as false', instead: 'Call it: $contains(field, /…/).' }
  const value = writtenValue(seen)
  return value === undefined ? undefined : { truth: Boolean(value), ...explain(node, about) }
}

function explain(node: SyntaxNode, about: About): Omit<Decided, 'truth'> {
  const calls = [...allNodes(node)]
  const exists = calls.find((each) => functionName(each) === 'exists')?.arguments?.[0]
  if (exists) return { reason: `${about.say(exists)} is always there, even when it is empty`, instead: `Did you mean $count(${about.say(exists)}) > 0?` }
  const count = calls.find((each) => functionName(each) === 'count')
  if (count) return { reason: 'a count is never less than 0', instead: `Did you mean ${about.say(count)} > 0?` }
  return { reason: 'it depends on no data', instead: 'Remove it, or write what it should depend on.' }
}
