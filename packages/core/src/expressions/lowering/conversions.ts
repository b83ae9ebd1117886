// From abstract values to scalars of the typed form: what counts as true, what exists, how many, the one value.
// Each follows what JSONata does with missing values, singletons and lists (docs.jsonata.org, "sequences" and "boolean").
import type { Json } from '../../kernel/json.js'
import { isTrue, toVerdict } from '../is-true.js'
import type { TextRange } from '../expression.js'
import { type Ir, type Rows, type RowScope, always, missing, never } from '../ir.js'
import type { RootShape } from '../root-shape.js'
import { type Abstract, type Item, type ObjectValue, irOfScalar } from './abstract.js'

export interface Surroundings {
  readonly shape: RootShape
  readonly depth: number
  readonly at: TextRange
}

export function opaque(reason: string, at: TextRange): Ir {
  return { kind: 'opaque', reason, at }
}

export function rowScope(relation: string, depth: number): RowScope {
  return { relation, scope: `r${String(depth)}` }
}

/** All rows of a relation. */
export function allRows(relation: string, depth: number): Rows {
  return { scopes: [rowScope(relation, depth)], where: [] }
}

export function rowObject({ relation, scope }: RowScope): ObjectValue {
  return { is: 'object', scope, relation, prefix: '' }
}

export function withWhere(rows: Rows, ...more: readonly Ir[]): Rows {
  return { ...rows, where: [...rows.where, ...more.filter((each) => each !== always)] }
}

/** Counts as true. */
export function toTruth(value: Abstract, around: Surroundings): Ir {
  switch (value.is) {
    case 'scalar':
      return { kind: 'truth', of: value.ir }
    case 'strings':
      return { kind: 'strings-truth', list: value.ir }
    case 'object':
      return whereFiltered(value, objectTruth(value, around))
    case 'relation': {
      const rows = allRows(value.relation, around.depth)
      return { kind: 'any', rows: withWhere(rows, rowTruth(value.relation, rows, around)) }
    }
    case 'sequence':
      return { kind: 'any', rows: withWhere(value.rows, itemTruth(value.item, around)) }
    case 'ordered':
      return { kind: 'any', rows: value.rows }
    case 'picked':
      return { kind: 'exists', of: { kind: 'pick', rows: value.rows, order: value.order, position: value.position, item: always } }
    case 'constant':
      return truthOfConstant(value.value, around)
    case 'root':
      return always
    case 'missing':
    case 'lambda':
      return never
    case 'segments':
      return opaque('memberships as a whole', around.at)
    case 'opaque':
      return value.truth ?? opaque(value.reason, value.at)
  }
}

// Casting an infinite number is an error (D1001), which is left to happen.
function truthOfConstant(value: Json, around: Surroundings): Ir {
  const verdict = toVerdict({ ok: true, value })
  return verdict.is === 'error' ? opaque('an infinite number is neither true nor false', around.at) : verdict.is === 'in' ? always : never
}

function whereFiltered({ when }: ObjectValue, condition: Ir): Ir {
  return when ? { kind: 'logic', op: 'and', left: when, right: condition } : condition
}

function itemTruth(item: Item, around: Surroundings): Ir {
  return item.is === 'scalar' || item.is === 'strings' || item.is === 'object' ? toTruth(item, around) : always
}

function rowTruth(relation: string, rows: Rows, { shape }: Surroundings): Ir {
  if (shape.relations[relation]?.neverEmpty === true) return always
  return { kind: 'object-present', scope: rows.scopes[0]?.scope ?? 'r0', relation, prefix: '' }
}

function objectTruth({ scope, object, relation, prefix }: ObjectValue, { shape }: Surroundings): Ir {
  if (prefix === '') {
    if (object !== undefined) return object === shape.entity ? always : { kind: 'object-present', scope, object, prefix }
    if (relation !== undefined && shape.relations[relation]?.neverEmpty === true) return always
  }
  return { kind: 'object-present', scope, prefix, ...(object === undefined ? {} : { object }), ...(relation === undefined ? {} : { relation }) }
}

/** Is there a value, whatever it is: `$exists`. */
export function toExists(value: Abstract, around: Surroundings): Ir {
  switch (value.is) {
    case 'scalar':
    case 'strings':
      return { kind: 'exists', of: value.ir }
    case 'object':
      // A row is there even when it has no field; a nested object is there when it has one.
      return whereFiltered(value, value.prefix === '' && value.relation !== undefined ? always : objectTruth(value, around))
    case 'sequence':
      return sequenceExists(value, around)
    case 'ordered':
      return { kind: 'any', rows: value.rows }
    case 'picked':
      return toTruth(value, around)
    case 'relation':
    case 'constant':
    case 'root':
    case 'segments':
    case 'lambda':
      return always
    case 'missing':
      return never
    case 'opaque':
      return opaque(value.reason, value.at)
  }
}

function sequenceExists({ rows, item }: Extract<Abstract, { is: 'sequence' }>, around: Surroundings): Ir {
  switch (item.is) {
    case 'scalar':
      return { kind: 'any', rows: withWhere(rows, { kind: 'exists', of: item.ir }) }
    case 'strings': {
      // One list alone stays a list, empty or not; several are poured together, and nothing is left of empty ones.
      const filled: Ir = { kind: 'any', rows: withWhere(rows, { kind: 'compare', op: '>', left: { kind: 'strings-length', list: item.ir }, right: constantNumber(0) }) }
      const lists: Ir = { kind: 'count', rows: withWhere(rows, { kind: 'exists', of: item.ir }), distinct: false }
      return { kind: 'logic', op: 'or', left: filled, right: { kind: 'compare', op: '=', left: lists, right: constantNumber(1) } }
    }
    case 'object':
      return { kind: 'any', rows: withWhere(rows, toExists(item, around)) }
    case 'root':
      return { kind: 'any', rows }
  }
}

export function constantNumber(value: number): Ir {
  return { kind: 'constant', value, fromClock: false }
}

/** The one value of it; what becomes of several is for the caller to say. Undefined where it is no scalar. */
export function toScalar(value: Abstract, more: Extract<Ir, { kind: 'single' }>['more']): Ir | undefined {
  if (value.is === 'sequence' && value.item.is === 'scalar' && !value.distinct) return { kind: 'single', rows: value.rows, item: value.item.ir, more }
  return irOfScalar(value)
}

/** `$count`. */
export function toCount(value: Abstract, around: Surroundings): Ir {
  switch (value.is) {
    case 'scalar':
      return { kind: 'choose', condition: { kind: 'exists', of: value.ir }, then: constantNumber(1), else: constantNumber(0) }
    case 'strings':
      return { kind: 'strings-length', list: value.ir }
    case 'object':
    case 'picked':
      return { kind: 'choose', condition: toExists(value, around), then: constantNumber(1), else: constantNumber(0) }
    case 'relation':
      return { kind: 'count', rows: allRows(value.relation, around.depth), distinct: false }
    case 'ordered':
      return { kind: 'count', rows: value.rows, distinct: false }
    case 'sequence':
      return sequenceCount(value, around)
    case 'missing':
      return constantNumber(0)
    case 'constant':
      return constantNumber(Array.isArray(value.value) ? value.value.length : 1)
    case 'root':
    case 'segments':
    case 'lambda':
      return opaque('counts what is no list', around.at)
    case 'opaque':
      return opaque(value.reason, value.at)
  }
}

function sequenceCount({ rows, item, distinct }: Extract<Abstract, { is: 'sequence' }>, around: Surroundings): Ir {
  switch (item.is) {
    case 'scalar':
      return { kind: 'count', rows, item: item.ir, distinct }
    case 'strings':
      if (distinct) return opaque('distinct items of lists', around.at)
      return { kind: 'choose', condition: { kind: 'any', rows }, then: { kind: 'aggregate', how: 'sum', rows, item: { kind: 'strings-length', list: item.ir } }, else: constantNumber(0) }
    case 'object':
      return distinct ? opaque('distinct objects', around.at) : { kind: 'count', rows: withWhere(rows, toExists(item, around)), distinct: false }
    case 'root':
      return distinct ? opaque('distinct objects', around.at) : { kind: 'count', rows, distinct: false }
  }
}

/** Whether it can be seen now that this is false or missing, whatever the data: then a predicate never keeps an item that is not there. */
export function isNever(ir: Ir): boolean {
  if (ir.kind === 'constant') return !isTrue(ir.value)
  if (ir.kind === 'compare') return isMissing(ir.left) || isMissing(ir.right)
  if (ir.kind === 'truth' || ir.kind === 'exists') return isNever(ir.of) || isMissing(ir.of)
  if (ir.kind === 'logic') return ir.op === 'and' ? isNever(ir.left) || isNever(ir.right) : isNever(ir.left) && isNever(ir.right)
  if (ir.kind === 'in-values' || ir.kind === 'in-strings') return isMissing(ir.item)
  if (ir.kind === 'matches') return isMissing(ir.text)
  if (ir.kind === 'choose') return isNever(ir.then) && isNever(ir.else)
  if (ir.kind === 'cast') return isNever(ir.present)
  return isMissing(ir)
}

/** Always missing, whatever the data. */
export function isMissing(ir: Ir): boolean {
  if (ir.kind === 'arithmetic') return isMissing(ir.left) || isMissing(ir.right)
  if (ir.kind === 'call') return ir.args[0] !== undefined && isMissing(ir.args[0])
  if (ir.kind === 'compare') return ir.op !== '=' && ir.op !== '!=' && (isMissing(ir.left) || isMissing(ir.right))
  return ir.kind === 'missing'
}

export { always, missing }
