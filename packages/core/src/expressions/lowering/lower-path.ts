// Paths: names walk into objects, map over rows, predicates narrow the rows, `[0]` picks one (docs.jsonata.org, "path operators").
import type { FieldType } from '../../entities/entity-schema.js'
import { type Ir, type OrderKey, type Rows, typeOf } from '../ir.js'
import type { RootShape } from '../root-shape.js'
import type { SyntaxNode } from '../syntax-tree.js'
import { type Abstract, type Item, type LoweringScope, type ObjectValue, absent, scalar, withoutTruth } from './abstract.js'
import { mayFail } from './may-fail.js'
import type { LoweringTools } from './tools.js'
import { allRows, isNever, missing, rowObject, rowScope, toTruth, withWhere } from './conversions.js'

export function lowerPath(path: SyntaxNode, scope: LoweringScope, tools: LoweringTools): Abstract {
  const steps = path.steps ?? []
  if (path.keepSingletonArray === true) return cannot('[] keeps lists as they are', path, tools)
  if (path.group !== undefined) return cannot('groups by a key', path, tools)
  if (steps.some((each) => each.index !== undefined || (each as { ancestor?: unknown }).ancestor !== undefined)) return cannot('positions and parents of rows', path, tools)
  if (steps.some((each) => each.focus !== undefined)) return lowerJoin(steps, scope, path, tools)
  const [first, ...rest] = steps
  if (!first) return absent
  let value = withStages(first.type === 'name' ? step(scope.context, first, scope, tools) : withoutStages(first, scope, tools), first, { scope, tools })
  for (const each of rest) {
    if (each.type === 'sort') {
      value = sorted(value, each, scope, tools)
      continue
    }
    // Over rows the stages of a step belong to what each row gives.
    value = isOverRows(value) ? mapOver(value, each, scope, tools) : withStages(step(value, each, scope, tools), each, { scope, tools })
    if (value.is === 'opaque' || value.is === 'missing') return value
  }
  return value
}

function withoutStages(node: SyntaxNode, scope: LoweringScope, tools: LoweringTools): Abstract {
  return tools.lower({ ...node, stages: [] }, scope)
}

function isOverRows(value: Abstract): boolean {
  return value.is === 'relation' || value.is === 'sequence' || value.is === 'ordered'
}

/** One step from a single value. */
function step(from: Abstract, node: SyntaxNode, scope: LoweringScope, tools: LoweringTools): Abstract {
  if (node.type === 'name' && typeof node.value === 'string') return lookUp(from, node.value, node, tools)
  if (node.type === 'wildcard' || node.type === 'descendant' || node.type === 'parent') return cannot('* ** and % reach everywhere', node, tools)
  if (from.is === 'missing') return absent
  if (from.is !== 'root' && from.is !== 'object') return cannot('a step that is no name', node, tools)
  return withoutStages(node, { ...scope, context: from }, tools)
}

function lookUp(from: Abstract, name: string, node: SyntaxNode, tools: LoweringTools): Abstract {
  switch (from.is) {
    case 'root':
      return lookUpRoot(name, tools.shape)
    case 'object':
      return lookUpField(from, name, node, tools)
    case 'picked':
      return lookUpPicked(from, name, node, tools)
    case 'segments':
      return scalar({ kind: 'member', segment: name })
    case 'relation':
    case 'sequence':
    case 'ordered':
      return mapOver(from, node, { context: { is: 'root' }, variables: new Map(), depth: 0 }, tools)
    case 'scalar':
    case 'strings':
    case 'missing':
    case 'lambda':
      return absent
    case 'constant':
      return typeof from.value === 'object' ? cannot('a field of a constant', node, tools) : absent
    case 'opaque':
      return withoutTruth(from)
  }
}

function lookUpRoot(name: string, shape: RootShape): Abstract {
  if (shape.objects[name]) return { is: 'object', scope: 'root', object: name, prefix: '' }
  if (shape.relations[name]) return { is: 'relation', relation: name }
  if (name === 'segments') return { is: 'segments' }
  return name === 'id' ? scalar({ kind: 'id' }) : absent
}

function fieldsOf({ object, relation }: ObjectValue, shape: RootShape): Readonly<Record<string, FieldType>> {
  return (object === undefined ? shape.relations[relation ?? '']?.fields : shape.objects[object]?.fields) ?? {}
}

function lookUpField(from: ObjectValue, name: string, node: SyntaxNode, tools: LoweringTools): Abstract {
  // Dots in names of ours stand for nested objects; a name that has one itself is no field.
  if (name.includes('.')) return absent
  const fields = fieldsOf(from, tools.shape)
  const field = `${from.prefix}${name}`
  const stored = Object.hasOwn(fields, field) ? fields[field] : undefined
  const isNested = Object.keys(fields).some((each) => each.startsWith(`${field}.`))
  if (stored === 'object') return cannot(`${field} has no fixed type`, node, tools)
  if (stored !== undefined && from.when && stored === 'strings') return cannot('a list in a filtered object', node, tools)
  if (stored !== undefined) {
    const ir: Ir = { kind: 'field', scope: from.scope, field, stored, ...(from.object === undefined ? {} : { object: from.object }), ...(from.relation === undefined ? {} : { relation: from.relation }) }
    if (from.when) return scalar({ kind: 'choose', condition: from.when, then: ir, else: missing })
    return stored === 'strings' ? { is: 'strings', ir } : scalar(ir)
  }
  if (isNested) return { ...from, prefix: `${field}.` }
  return absent
}

function lookUpPicked(from: Extract<Abstract, { is: 'picked' }>, name: string, node: SyntaxNode, tools: LoweringTools): Abstract {
  const [row] = from.rows.scopes
  if (!row) return absent
  const found = lookUpField({ ...rowObject(row), prefix: from.prefix }, name, node, tools)
  if (found.is === 'object') return { ...from, prefix: found.prefix }
  if (found.is !== 'scalar') return found.is === 'missing' ? absent : cannot('a list in a picked row', node, tools)
  return scalar({ kind: 'pick', rows: from.rows, order: from.order, position: from.position, item: found.ir })
}

/** A step over every row: what each row gives, poured together. */
function mapOver(value: Abstract, node: SyntaxNode, scope: LoweringScope, tools: LoweringTools): Abstract {
  if (value.is === 'ordered') return cannot('a step over sorted rows', node, tools)
  const from = toSequence(value, scope.depth)
  if (!from) return cannot('a step over something else than rows', node, tools)
  if (from.distinct) return cannot('a step over distinct values', node, tools)
  if (from.item.is === 'scalar' || from.item.is === 'strings') return node.type === 'name' ? absent : cannot('a step over values', node, tools)
  const depth = depthOf(from.rows)
  const inner: LoweringScope = { ...scope, context: from.item, depth }
  return poured(from.rows, withStages(step(from.item, node, inner, tools), node, { scope: inner, tools }), node, tools)
}

function poured(rows: Rows, each: Abstract, node: SyntaxNode, tools: LoweringTools): Abstract {
  switch (each.is) {
    case 'object': {
      const { when, ...item } = each
      return { is: 'sequence', rows: when ? withWhere(rows, when) : rows, item, distinct: false }
    }
    case 'scalar':
    case 'strings':
    case 'root':
      return { is: 'sequence', rows, item: each, distinct: false }
    case 'constant': {
      const ir: Ir | undefined = typeof each.value === 'object' && each.value !== null ? undefined : { kind: 'constant', value: each.value, fromClock: each.fromClock }
      return ir ? { is: 'sequence', rows, item: { is: 'scalar', ir }, distinct: false } : cannot('a constant list for each row', node, tools)
    }
    case 'sequence':
      return each.distinct ? cannot('distinct values for each row', node, tools) : { ...each, rows: joinRows(rows, each.rows) }
    case 'relation': {
      const inner = allRows(each.relation, depthOf(rows))
      const [row] = inner.scopes
      return row ? { is: 'sequence', rows: joinRows(rows, inner), item: rowObject(row), distinct: false } : absent
    }
    case 'missing':
      // The rows are gone through all the same.
      return rows.where.some(mayFail) ? cannot('nothing of rows whose predicate may fail', node, tools) : absent
    case 'ordered':
    case 'picked':
    case 'segments':
    case 'lambda':
      return cannot('this for each row', node, tools)
    case 'opaque':
      return withoutTruth(each)
  }
}

function joinRows(outer: Rows, inner: Rows): Rows {
  return { scopes: [...outer.scopes, ...inner.scopes], where: [...outer.where, ...inner.where] }
}

function depthOf(rows: Rows): number {
  return 1 + Math.max(...rows.scopes.map((each) => Number(each.scope.slice(1))))
}

export function toSequence(value: Abstract, depth: number): Extract<Abstract, { is: 'sequence' }> | undefined {
  if (value.is === 'sequence') return value
  if (value.is !== 'relation') return undefined
  const row = rowScope(value.relation, depth)
  return { is: 'sequence', rows: { scopes: [row], where: [] }, item: rowObject(row), distinct: false }
}

interface StageContext {
  readonly scope: LoweringScope
  readonly tools: LoweringTools
}

function withStages(value: Abstract, node: SyntaxNode, context: StageContext): Abstract {
  return (node.stages ?? []).reduce((each, stage) => (stage.type === 'filter' && stage.expr ? filter(each, stage.expr, context) : cannot('positions of rows', node, context.tools)), value)
}

/** `value[predicate]` */
export function filter(value: Abstract, predicate: SyntaxNode, context: StageContext): Abstract {
  const { scope, tools } = context
  if (value.is === 'opaque') return withoutTruth(value)
  if (value.is === 'missing') return filterMissing(predicate, context)
  const position = predicate.type === 'number' && typeof predicate.value === 'number' ? Math.floor(predicate.value) : undefined
  if (position !== undefined) return atPosition(value, position, predicate, context)
  const rows = toSequence(value, scope.depth)
  if (rows) return filterRows(rows, predicate, context)
  if (value.is === 'object' && value.prefix !== '') return filterObject(value, predicate, context)
  if (value.is === 'strings') return cannot('a predicate on a list of text', predicate, tools)
  return value.is === 'scalar' ? filterScalar(value.ir, predicate, context) : cannot('a predicate here', predicate, tools)
}

function filterMissing(predicate: SyntaxNode, context: StageContext): Abstract {
  const kept = lowerPredicate(predicate, absent, context)
  return kept !== undefined && isNever(kept) ? absent : cannot('a predicate that keeps what is missing', predicate, context.tools)
}

function filterRows(from: Extract<Abstract, { is: 'sequence' }>, predicate: SyntaxNode, context: StageContext): Abstract {
  if (from.distinct || from.item.is === 'strings' || from.item.is === 'root') return cannot('a predicate on lists', predicate, context.tools)
  const inner = { ...context, scope: { ...context.scope, depth: depthOf(from.rows) } }
  if (from.item.is === 'scalar') {
    const item = filterScalar(from.item.ir, predicate, inner)
    return item.is === 'scalar' ? { ...from, item } : item
  }
  const kept = lowerPredicate(predicate, from.item, inner)
  return kept === undefined ? cannot('a predicate that may be a position', predicate, context.tools) : { ...from, rows: withWhere(from.rows, kept) }
}

/** `web[url = "/pricing"]`: the nested object, where it passes. */
function filterObject(value: ObjectValue, predicate: SyntaxNode, context: StageContext): Abstract {
  const kept = lowerPredicate(predicate, value, context)
  const phantom = lowerPredicate(predicate, absent, context)
  if (kept === undefined || phantom === undefined) return cannot('a predicate that may be a position', predicate, context.tools)
  if (!isNever(phantom)) return cannot('a predicate that keeps what is missing', predicate, context.tools)
  return { ...value, when: value.when ? { kind: 'logic', op: 'and', left: value.when, right: kept } : kept }
}

function filterScalar(ir: Ir, predicate: SyntaxNode, context: StageContext): Abstract {
  const kept = lowerPredicate(predicate, { is: 'scalar', ir }, context)
  const phantom = lowerPredicate(predicate, absent, context)
  if (kept === undefined || phantom === undefined) return cannot('a predicate that may be a position', predicate, context.tools)
  // JSONata runs the predicate once on a value that is missing; where that is true, a hole survives and counts.
  if (!isNever(phantom)) return cannot('a predicate that keeps what is missing', predicate, context.tools)
  return scalar({ kind: 'choose', condition: kept, then: ir, else: missing })
}

/** The predicate's truth for an item; undefined when it may be a number, which is a position and no condition. */
function lowerPredicate(predicate: SyntaxNode, item: Abstract, { scope, tools }: StageContext): Ir | undefined {
  const value = tools.lower(predicate, { ...scope, context: item })
  if (mayBeNumber(value)) return undefined
  return toTruth(value, { shape: tools.shape, depth: scope.depth, at: tools.place(predicate) })
}

function mayBeNumber(value: Abstract): boolean {
  if (value.is === 'scalar') return (typeOf(value.ir) ?? 'number') === 'number'
  if (value.is === 'sequence') return value.item.is === 'scalar' && (typeOf(value.item.ir) ?? 'number') === 'number'
  if (value.is === 'constant') return typeof value.value === 'number' || Array.isArray(value.value)
  return value.is === 'opaque'
}

function atPosition(value: Abstract, position: number, node: SyntaxNode, { tools, scope }: StageContext): Abstract {
  if (value.is === 'ordered') return { is: 'picked', rows: value.rows, order: value.order, position, prefix: '' }
  if (value.is === 'relation') return { is: 'picked', rows: allRows(value.relation, scope.depth), order: [], position, prefix: '' }
  if (value.is === 'sequence') return pickItem(value, position, node, tools)
  // One value is a list of one.
  if (value.is === 'scalar' || value.is === 'object') return position === 0 || position === -1 ? value : absent
  return cannot('a position here', node, tools)
}

function pickItem({ rows, item, distinct }: Extract<Abstract, { is: 'sequence' }>, position: number, node: SyntaxNode, tools: LoweringTools): Abstract {
  if (distinct || rows.scopes.length > 1) return cannot('a position here', node, tools)
  if (item.is === 'object') return { is: 'picked', rows, order: [], position, prefix: item.prefix }
  if (item.is !== 'scalar') return cannot('a position here', node, tools)
  return scalar({ kind: 'pick', rows: withWhere(rows, { kind: 'exists', of: item.ir }), order: [], position, item: item.ir })
}

/** `rows^(>key)`: stable, rows without the key last in either direction. */
function sorted(value: Abstract, node: SyntaxNode, scope: LoweringScope, tools: LoweringTools): Abstract {
  const from = toSequence(value, scope.depth)
  const [row, ...others] = from?.rows.scopes ?? []
  if (!from || !row || others.length > 0 || from.item.is !== 'object' || from.distinct) return cannot('a sort of something else than rows', node, tools)
  const item = from.item
  const keys = ((node.terms ?? []) as readonly (SyntaxNode & { descending?: boolean })[]).map((term): OrderKey | undefined => {
    const key = term.expression ? tools.lower(term.expression, { ...scope, context: item, depth: depthOf(from.rows) }) : absent
    return key.is === 'scalar' && (typeOf(key.ir) === 'number' || typeOf(key.ir) === 'string') ? { by: key.ir, descending: term.descending === true } : undefined
  })
  const known = keys.filter((each) => each !== undefined)
  const ordered: Abstract = { is: 'ordered', rows: from.rows, order: known }
  if (known.length < keys.length) return cannot('a sort key without a type', node, tools)
  return (node.stages ?? []).reduce<Abstract>((each, stage) => (stage.expr ? filter(each, stage.expr, { scope, tools }) : each), ordered)
}

/** `a@$x.b@$y[…]`: rows of lists of the root side by side, each bound to a name; the context stays where it was. */
function lowerJoin(steps: readonly SyntaxNode[], scope: LoweringScope, path: SyntaxNode, tools: LoweringTools): Abstract {
  if (scope.context.is !== 'root' || steps.some((each) => each.type !== 'name' || each.focus === undefined)) return cannot('@ binds rows', path, tools)
  let rows: Rows = { scopes: [], where: [] }
  let variables = new Map(scope.variables)
  for (const each of steps) {
    const found = lookUpRoot(String(each.value), tools.shape)
    if (found.is !== 'relation') return cannot('@ binds something else than rows', path, tools)
    const row = rowScope(found.relation, scope.depth + rows.scopes.length)
    rows = { ...rows, scopes: [...rows.scopes, row] }
    variables = new Map([...variables, [each.focus ?? '', rowObject(row)]])
    for (const stage of each.stages ?? []) {
      const kept = stage.expr ? lowerPredicate(stage.expr, scope.context, { scope: { ...scope, variables, depth: scope.depth + rows.scopes.length }, tools }) : undefined
      if (kept === undefined) return cannot('@ with a position', path, tools)
      rows = withWhere(rows, kept)
    }
  }
  const item: Item = { is: 'root' }
  return { is: 'sequence', rows, item, distinct: false }
}

function cannot(reason: string, node: SyntaxNode, tools: LoweringTools): Abstract {
  return { is: 'opaque', reason, at: tools.place(node) }
}
