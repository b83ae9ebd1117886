// Which events an expression reads: their types, and how far back.
import type { TextRange } from './expression.js'
import type { Ir, Rows } from './ir.js'
import { allParts, rowsOf } from './ir-parts.js'
import { spanOf } from './places.js'
import { toReads } from './reads.js'
import { findSince } from './sql/since.js'
import { type SyntaxNode, allNodes } from './syntax-tree.js'

export interface EventReads {
  /** Sorted; empty when events of any type may count. */
  readonly eventTypes: readonly string[]
  readonly lookBack: LookBack
}

export type LookBack =
  | { readonly is: 'whole history' }
  | { readonly is: 'since'; readonly ms: number; readonly movesWithClock: boolean }

const wholeHistory: LookBack = { is: 'whole history' }

/** Undefined when no event is read. */
export function findEventReads(ir: Ir, { tree, text }: { readonly tree: SyntaxNode; readonly text: string }): EventReads | undefined {
  const parts = [...allParts(ir)]
  const rows = parts.flatMap((each) => rowsOf(each) ?? []).filter((each) => each.scopes.some(({ relation }) => relation === 'events'))
  const readsAny = toReads(tree, text).roots.some(({ name }) => name === 'events' || name === '*')
  const isHidden = readsAny && parts.some((each) => each.kind === 'opaque' && readsEvents(each.at, tree, text))
  if (rows.length === 0 && !isHidden) return undefined
  const types = rows.map((each) => each.where.flatMap(eventTypesOf))
  const anyType = isHidden || types.some((each) => each.length === 0)
  return { eventTypes: anyType ? [] : [...new Set(types.flat())].sort(), lookBack: isHidden ? wholeHistory : rows.map(lookBackOf).reduce(longer) }
}

/** Whether a part without a typed form reads events: it overlaps a path to them, or may have them from a variable. */
function readsEvents(at: TextRange, tree: SyntaxNode, text: string): boolean {
  const nodes = [...allNodes(tree)]
  if (nodes.some((each) => each.type === 'bind' || each.type === 'lambda')) return true
  return nodes.filter(isEventPath).map((each) => spanOf(each, text)).some(({ from, to }) => from < at.to && at.from < to)
}

/** `events…` or `$$.events…`; also inside a predicate, where a field could have that name. */
function isEventPath({ type, steps }: SyntaxNode): boolean {
  return type === 'path' && steps?.slice(0, 2).some((each) => each.type === 'name' && each.value === 'events') === true
}

function lookBackOf(rows: Rows): LookBack {
  const since = findSince(rows)
  return since?.isSafe === true ? { is: 'since', ms: since.ms, movesWithClock: since.fromClock } : wholeHistory
}

function longer(a: LookBack, b: LookBack): LookBack {
  if (a.is === 'whole history' || b.is === 'whole history') return wholeHistory
  return a.ms <= b.ms ? a : b
}

/** The event types that a row must have to pass a condition; none when it lets any type pass. */
function eventTypesOf(condition: Ir): readonly string[] {
  if (condition.kind === 'truth') return eventTypesOf(condition.of)
  if (condition.kind === 'logic') {
    const [left, right] = [eventTypesOf(condition.left), eventTypesOf(condition.right)]
    return condition.op === 'or' && (left.length === 0 || right.length === 0) ? [] : [...left, ...right]
  }
  if (condition.kind === 'in-values') return isEventType(condition.item) ? condition.values.map(String) : []
  if (condition.kind !== 'compare' || condition.op !== '=') return []
  return [...textBeside(condition.left, condition.right), ...textBeside(condition.right, condition.left)]
}

function textBeside(field: Ir, value: Ir): readonly string[] {
  return isEventType(field) && value.kind === 'constant' && typeof value.value === 'string' ? [value.value] : []
}

function isEventType(ir: Ir): boolean {
  return ir.kind === 'field' && ir.relation === 'events' && ir.field === 'eventType'
}
