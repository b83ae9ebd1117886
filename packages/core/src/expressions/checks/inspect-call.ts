// Calls: what a function gives for what it is given. Functions over rows call their function with an item; what is not
// listed here gives anything.
import { functions } from '../functions/index.js'
import type { SyntaxNode } from '../syntax-tree.js'
import type { Inspector } from './inspector.js'
import { itemOf, lookUpField } from './inspect-path.js'
import { type Making, type Rows, type Scope, type Seen, any, constant, knownValue, missingBy, plain, withMissing, writtenValue } from './seen.js'
import type { Piece } from './visit.js'

export function seeCall(node: SyntaxNode, scope: Scope, inspector: Inspector): Seen {
  const name = node.procedure?.type === 'variable' ? String(node.procedure.value) : ''
  const own = scope.variables.get(name)
  const args = (node.arguments ?? []).map((each): Piece => ({ node: each, seen: each.type === 'operator' ? any : inspector.see(each, scope) }))
  if (node.type === 'partial') return any
  if (name === '' || own) {
    const called = own ?? (node.procedure ? inspector.see(node.procedure, scope) : any)
    return called.is === 'lambda' ? inspector.applied(called, args.map((each) => each.seen)) : any
  }
  const gives = result(name, args, inspector)
  inspector.meet({ at: 'call', node, name, args, gives, scope })
  return gives
}

const clockFunctions: Readonly<Record<string, 'string' | 'number'>> = { now: 'string', daysAgo: 'string', hoursAgo: 'string', millis: 'number' }

function result(name: string, args: readonly Piece[], inspector: Inspector): Seen {
  const [first, second] = args
  const clock = clockFunctions[name]
  if (clock) return plain(clock, args.flatMap((each) => missingBy(each.seen)), { made: 'clock' })
  if (!first) return plainResult(name, args)
  switch (name) {
    case 'exists':
      return exists(first.seen)
    case 'count':
      return plain('number', [], { made: 'count' })
    case 'not':
    case 'boolean':
      return cast(name, first.seen)
    case 'sum':
    case 'max':
    case 'min':
    case 'average':
      return aggregate(name, first.seen)
    case 'distinct':
    case 'sort':
    case 'reverse':
    case 'shuffle':
      applyTo(second, [itemOf(first.seen), itemOf(first.seen)], inspector)
      return first.seen.is === 'rows' ? { ...first.seen, isWhole: false, maybeOne: true } : any
    case 'filter':
      return keep(first.seen, second, inspector)
    case 'map': {
      const item = applyTo(second, [itemOf(first.seen)], inspector)
      return first.seen.is === 'rows' && item.is !== 'any' ? { ...first.seen, isWhole: false, item: withMissing(itemOf(item), []), maybeOne: true, missingBy: [[]] } : any
    }
    case 'single':
      applyTo(second, [itemOf(first.seen)], inspector)
      return first.seen.is === 'rows' ? withMissing(first.seen.item, []) : any
    case 'reduce':
      applyTo(second, [any, itemOf(first.seen)], inspector)
      return any
    case 'lookup':
      return lookUp(first.seen, second ? knownValue(second.seen) : undefined)
    default:
      return plainResult(name, args)
  }
}

function plainResult(name: string, args: readonly Piece[]): Seen {
  const gives = functions.get(name)?.gives
  if (gives === undefined || gives === 'any') return any
  return plain(gives, args.flatMap((each) => missingBy(each.seen)), name === 'sqrt' || name === 'power' ? { made: 'inexact' } : {})
}

function exists(seen: Seen): Seen {
  if (seen.is === 'any' || seen.is === 'missing' || seen.is === 'vars') return plain('boolean')
  return missingBy(seen).length === 0 && (seen.is === 'object' || seen.is === 'root' || (seen.is === 'rows' && seen.isWhole)) ? constant(true) : plain('boolean')
}

function cast(name: 'not' | 'boolean', seen: Seen): Seen {
  const value = writtenValue(seen)
  if (value !== undefined) return constant(name === 'not' ? !value : Boolean(value))
  return plain('boolean', missingBy(seen))
}

function aggregate(name: Extract<Making, 'sum' | 'max' | 'min' | 'average'>, seen: Seen): Seen {
  const item = itemOf(seen)
  if (seen.is === 'any') return plain('number')
  // What fails gives nothing to say more about.
  if (item.is === 'plain' && item.type !== 'number') return any
  return plain('number', missingBy(seen), { made: name })
}

function keep(seen: Seen, mapper: Piece | undefined, inspector: Inspector): Seen {
  applyTo(mapper, [itemOf(seen)], inspector)
  if (seen.is !== 'rows') return any
  const body = mapper?.seen.is === 'lambda' ? mapper.seen.node.body : undefined
  return { ...seen, isWhole: false, filters: body ? [...seen.filters, body] : seen.filters, maybeOne: true, missingBy: [[]] } satisfies Rows
}

function applyTo(mapper: Piece | undefined, args: readonly Seen[], inspector: Inspector): Seen {
  return mapper?.seen.is === 'lambda' ? inspector.applied(mapper.seen, args) : any
}

function lookUp(from: Seen, name: unknown): Seen {
  if (from.is === 'segments') return plain('boolean', [[]])
  return from.is === 'object' && typeof name === 'string' ? (lookUpField(from, name) ?? any) : any
}
