// Walking the typed form: what a node is made of, and all nodes below it.
import type { Ir, Rows } from './ir.js'

/** The operands of a node; of an aggregate, its conditions and what it takes of each row. */
export function partsOf(ir: Ir): readonly Ir[] {
  switch (ir.kind) {
    case 'constant':
    case 'missing':
    case 'field':
    case 'id':
    case 'object-present':
    case 'member':
    case 'opaque':
      return []
    case 'compare':
    case 'logic':
    case 'arithmetic':
    case 'join-text':
      return [ir.left, ir.right]
    case 'cast':
      return [ir.truth, ir.present]
    case 'truth':
    case 'exists':
      return [ir.of]
    case 'choose':
      return [ir.condition, ir.then, ir.else]
    case 'call':
      return ir.args
    case 'matches':
      return [ir.text]
    case 'in-values':
      return [ir.item]
    case 'in-strings':
      return [ir.item, ir.list]
    case 'strings-length':
    case 'strings-truth':
    case 'strings-equal':
      return [ir.list]
    case 'any':
      return ir.rows.where
    case 'count':
      return [...ir.rows.where, ...(ir.item ? [ir.item] : [])]
    case 'aggregate':
    case 'single':
      return [...ir.rows.where, ir.item]
    case 'after':
      return [...ir.first, ir.then]
    case 'pick':
      return [...ir.rows.where, ...ir.order.map((each) => each.by), ir.item]
  }
}

export function rowsOf(ir: Ir): Rows | undefined {
  return 'rows' in ir ? ir.rows : undefined
}

export function* allParts(ir: Ir): Generator<Ir> {
  yield ir
  for (const part of partsOf(ir)) yield* allParts(part)
}
