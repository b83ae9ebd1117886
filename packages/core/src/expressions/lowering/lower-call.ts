// Calls of library functions: those over lists become aggregates, those over one value stay calls, the rest is opaque.
import { type Ir, type ScalarType, typeOf } from '../ir.js'
import { isWithoutContext, parametersOf } from '../functions/first-parameter.js'
import { functions } from '../functions/index.js'
import { type SyntaxNode, isPairs } from '../syntax-tree.js'
import { type Abstract, type LoweringScope, scalar, withoutTruth } from './abstract.js'
import { always, isMissing, missing, toCount, toScalar, withWhere } from './conversions.js'
import { toSequence } from './lower-path.js'
import type { LoweringTools } from './tools.js'

export function lowerCall(node: SyntaxNode, scope: LoweringScope, lowering: LoweringTools): Abstract {
  const name = node.procedure?.type === 'variable' ? String(node.procedure.value) : ''
  if (name === '' || scope.variables.has(name)) return lowering.cannot('calls a function of its own', node)
  const args = node.arguments ?? []
  const [first, second] = args
  if (!first || !functions.has(name)) return lowering.cannot(`$${name} of the context`, node)
  switch (name) {
    case 'not':
    case 'boolean': {
      const value = lowering.lower(first, scope)
      return scalar({ kind: 'cast', negated: name === 'not', truth: lowering.truth(value, first, scope), present: lowering.exists(value, first, scope) })
    }
    case 'exists':
      return scalar(lowering.exists(lowering.lower(first, scope), first, scope))
    case 'count':
      return scalar(toCount(lowering.lower(first, scope), lowering.around(first, scope)))
    case 'sum':
    case 'max':
    case 'min':
    case 'average':
      return lowerAggregate(name, first, scope, lowering)
    case 'distinct':
      return lowerDistinct(first, scope, lowering)
    case 'contains':
      return lowerContains(first, second, scope, lowering)
    case 'lookup':
      return lowerLookup(first, second, scope, lowering)
    case 'type':
      return lowerType(first, scope, lowering)
    case 'sort':
      return lowerSort(first, second, scope, lowering)
    case 'filter':
    case 'map':
      return lowerOverRows(name, [first, second], scope, lowering)
    default:
      return lowerScalarCall(name, node, scope, lowering)
  }
}

function lowerScalarCall(name: string, node: SyntaxNode, scope: LoweringScope, lowering: LoweringTools): Abstract {
  const gives = functions.get(name)?.gives ?? 'any'
  if (gives === 'any') return lowering.cannot(`$${name} has no typed form`, node)
  const args = (node.arguments ?? []).map((each) => lowering.one(each, scope))
  const [first] = args
  // Where arguments are left out, the type of the first has to tell that it is not the context that is meant.
  if (first && args.length < parametersOf(name) && !isWithoutContext(name, args.length, typeOf(first))) return lowering.cannot(`$${name} of the context`, node)
  return scalar(toCall(name, gives, args))
}

function toCall(name: string, gives: ScalarType, args: readonly Ir[]): Ir {
  return { kind: 'call', name, gives, args }
}

function lowerAggregate(how: 'sum' | 'max' | 'min' | 'average', node: SyntaxNode, scope: LoweringScope, lowering: LoweringTools): Abstract {
  const value = lowering.lower(node, scope)
  if (value.is === 'missing') return value
  if (value.is === 'scalar' && typeOf(value.ir) === 'number') return value
  if (value.is !== 'sequence' || value.item.is !== 'scalar' || value.distinct) return value.is === 'opaque' ? withoutTruth(value) : lowering.cannot(`$${how} of something else than numbers`, node)
  if (typeOf(value.item.ir) !== 'number') return lowering.cannot(`$${how} of what may be no number`, node)
  return scalar({ kind: 'aggregate', how, rows: value.rows, item: value.item.ir })
}

function lowerDistinct(node: SyntaxNode, scope: LoweringScope, lowering: LoweringTools): Abstract {
  const value = lowering.lower(node, scope)
  if (value.is === 'sequence' && value.item.is === 'scalar') return { ...value, distinct: true }
  if (value.is === 'opaque') return withoutTruth(value)
  return value.is === 'scalar' || value.is === 'missing' ? value : lowering.cannot('distinct things', node)
}

function lowerContains(text: SyntaxNode, part: SyntaxNode | undefined, scope: LoweringScope, lowering: LoweringTools): Abstract {
  const subject = lowering.one(text, scope)
  if (!part) return lowering.cannot('$contains of the context', text)
  if (part.type === 'regex' && part.value instanceof RegExp && !part.predicate) return scalar({ kind: 'matches', text: subject, pattern: part.value.source, flags: part.value.flags.replace('g', '') })
  return scalar(toCall('contains', 'boolean', [subject, lowering.one(part, scope)]))
}

/** `$lookup(segments, "name")`, and fields by a constant name. */
function lowerLookup(list: SyntaxNode, key: SyntaxNode | undefined, scope: LoweringScope, lowering: LoweringTools): Abstract {
  if (key?.type !== 'string' || typeof key.value !== 'string') return lowering.cannot('$lookup by a computed name', list)
  // What is grouped or kept as a list is one step of its own.
  const steps = list.type === 'path' && !list.group && list.keepSingletonArray !== true ? (list.steps ?? []) : [list]
  return lowering.lower({ type: 'path', steps: [...steps, { type: 'name', value: key.value }] }, scope)
}

function lowerType(node: SyntaxNode, scope: LoweringScope, lowering: LoweringTools): Abstract {
  const value = toScalar(lowering.lower(node, scope), 'fails')
  const type = value ? typeOf(value) : undefined
  if (!value || value.kind === 'single' || type === undefined) return value && isMissing(value) ? scalar(missing) : { is: 'opaque', reason: '$type of what has no fixed type', at: lowering.place(node) }
  return scalar({ kind: 'choose', condition: { kind: 'exists', of: value }, then: { kind: 'constant', value: type, fromClock: false }, else: missing })
}

/** `$filter(rows, function($r) {…})` and `$map` with a function of one parameter, written out. */
function lowerOverRows(name: 'filter' | 'map', [list, mapper]: readonly [SyntaxNode, SyntaxNode | undefined], scope: LoweringScope, lowering: LoweringTools): Abstract {
  const rows = toSequence(lowering.lower(list, scope), scope.depth)
  const lambda = mapper ? lowering.lower(mapper, scope) : undefined
  if (!rows || rows.distinct || rows.item.is === 'strings' || rows.item.is === 'root' || lambda?.is !== 'lambda') return lowering.cannot(`$${name} over something else than rows`, list)
  const depth = scope.depth + rows.rows.scopes.length
  const given = lowering.applied(lambda, rows.item, depth)
  if (name === 'filter') return { ...rows, rows: withWhere(rows.rows, rows.item.is === 'scalar' ? { kind: 'exists', of: rows.item.ir } : always, lowering.truth(given, list, { ...scope, depth })) }
  const item = toScalar(given, 'fails')
  return item && item.kind !== 'opaque' && given.is !== 'sequence' && rows.item.is === 'object' ? { is: 'sequence', rows: rows.rows, item: { is: 'scalar', ir: item }, distinct: false } : lowering.cannot('$map to lists', list)
}

/** `$sort(rows, function($l, $r) {$l.key < $r.key})`: the function says whether the two change places. */
function lowerSort(list: SyntaxNode, comparator: SyntaxNode | undefined, scope: LoweringScope, lowering: LoweringTools): Abstract {
  const from = toSequence(lowering.lower(list, scope), scope.depth)
  const [row, ...others] = from?.rows.scopes ?? []
  const key = comparator?.type === 'lambda' ? keyOfComparator(comparator) : undefined
  if (!from || !row || others.length > 0 || from.item.is !== 'object' || from.distinct || !key) return lowering.cannot('$sort by something else than one key', list)
  const by = lowering.lower(key.path, { ...scope, context: from.item, depth: scope.depth + 1 })
  return by.is === 'scalar' && (typeOf(by.ir) === 'number' || typeOf(by.ir) === 'string') ? { is: 'ordered', rows: from.rows, order: [{ by: by.ir, descending: key.descending, needed: true }] } : lowering.cannot('$sort by a key without a type', list)
}

interface ComparedKey {
  /** From a row. */
  readonly path: SyntaxNode
  readonly descending: boolean
}

function keyOfComparator({ arguments: parameters = [], body }: SyntaxNode): ComparedKey | undefined {
  const [left, right] = parameters.map((each) => String(each.value))
  if (body?.type !== 'binary' || (body.value !== '<' && body.value !== '>') || !body.lhs || isPairs(body.lhs) || !body.rhs || parameters.length !== 2) return undefined
  const [a, b] = [fieldsOf(body.lhs), fieldsOf(body.rhs)]
  if (!a || !b || a.names.join('.') !== b.names.join('.')) return undefined
  const path: SyntaxNode = { type: 'path', steps: a.names.map((value) => ({ type: 'name', value })) }
  if (a.variable === left && b.variable === right) return { path, descending: body.value === '<' }
  return a.variable === right && b.variable === left ? { path, descending: body.value === '>' } : undefined
}

/** `$l.a.b` */
function fieldsOf(node: SyntaxNode): { readonly variable: string; readonly names: readonly string[] } | undefined {
  const [first, ...rest] = node.type === 'path' ? (node.steps ?? []) : []
  const names = rest.map((each) => (each.type === 'name' && !each.stages && each.focus === undefined && each.index === undefined ? String(each.value) : ''))
  return first?.type === 'variable' && !first.predicate && names.length > 0 && !names.includes('') && !node.group ? { variable: String(first.value), names } : undefined
}
