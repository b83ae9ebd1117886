// Paths: names walk into objects and over rows, predicates narrow the rows, a number picks one (docs.jsonata.org, "path operators").
import type { FieldType } from '../../entities/entity-schema.js'
import { ownKeys } from '../root-shape.js'
import type { SyntaxNode } from '../syntax-tree.js'
import type { Inspector } from './inspector.js'
import { type Cause, type Plain, type Rows, type Scope, type Seen, type Thing, any, fromJson, missingBy, plain, withMissing } from './seen.js'
import { isOperator, leftOf, nameOf, operandsOf, readsItem } from './tree.js'

export function seePath(path: SyntaxNode, scope: Scope, inspector: Inspector): Seen {
  const steps = path.steps ?? []
  const walk = new Walk(path, scope, inspector)
  const isJoin = steps.some((each) => each.focus !== undefined || each.index !== undefined || (each as { readonly ancestor?: unknown }).ancestor !== undefined || each.type === 'parent')
  const found = isJoin ? walk.join(steps) : walk.all(steps)
  if (path.group) {
    for (const each of path.group.lhs.flat()) inspector.see(each, { ...scope, context: itemOf(found), sure: [] })
    return { is: 'record' }
  }
  if (path.keepSingletonArray === true) return found.is === 'rows' || found.is === 'plain' ? { is: 'list', item: any, missingBy: missingBy(found) } : found
  return missingBy(found).length > 0 && !isLoneVariable(steps) ? withMissing(found, walk.causes(found)) : found
}

function isLoneVariable(steps: readonly SyntaxNode[]): boolean {
  return steps.length === 1 && steps[0]?.type === 'variable'
}

class Walk {
  constructor(private readonly path: SyntaxNode, private readonly scope: Scope, private readonly inspector: Inspector) {}

  all(steps: readonly SyntaxNode[]): Seen {
    const [first, ...rest] = steps
    if (!first) return any
    let value = this.first(first)
    for (const each of rest) {
      if (value.is === 'any' || value.is === 'missing') {
        this.blind(each)
        continue
      }
      value = each.type === 'sort' ? this.sorted(value, each) : value.is === 'rows' || value.is === 'list' ? this.overRows(value, each) : this.filter(this.step(value, each, this.scope), each, undefined)
    }
    return value
  }

  /** `a@$x.b@$y[…]`: names are bound to rows, and the context stays where it was. Positions and parents are not followed. */
  join(steps: readonly SyntaxNode[]): Seen {
    let scope: Scope = this.scope
    let from: Seen = this.scope.context
    for (const each of steps) {
      const found: Seen = each.type === 'name' ? this.lookUp(from, each, String(each.value), each === steps[0]) : any
      const bound = [...(each.focus === undefined ? [] : [[each.focus, itemOf(found)] as const]), ...(typeof each.index === 'string' ? [[each.index, plain('number')] as const] : [])]
      scope = { ...scope, variables: new Map([...scope.variables, ...bound]), sure: [] }
      for (const stage of each.stages ?? []) if (stage.expr) this.inspector.see(stage.expr, { ...scope, context: each.focus === undefined ? itemOf(found) : any })
      if (each.type !== 'name' && each.type !== 'parent') this.inspector.see({ ...each, stages: [] }, { ...scope, context: any })
      from = each.focus === undefined ? any : this.scope.context
    }
    return any
  }

  /** Ways to write what may be missing: the whole path, and for rows the path up to any of its steps. */
  causes(found: Seen): readonly Cause[] {
    const { path, inspector } = this
    const steps = path.steps ?? []
    const parts = found.is === 'rows' ? steps.map((_, index) => inspector.textOf({ type: 'path', steps: steps.slice(0, index + 1) })) : []
    return [[...new Set([inspector.textOf(path), ...parts])]]
  }

  private first(step: SyntaxNode): Seen {
    if (step.type !== 'name') return this.inspector.see({ ...step, stages: [] }, this.scope)
    const found = this.lookUp(this.scope.context, step, String(step.value), true)
    return this.filter(found, step, undefined)
  }

  private step(from: Seen, node: SyntaxNode, scope: Scope): Seen {
    if (node.type === 'name') return this.lookUp(from, node, String(node.value), false)
    if (node.type === 'string') return this.lookUp(from, node, String(node.value), false)
    return this.inspector.see({ ...node, stages: [] }, { ...scope, context: from, sure: [] })
  }

  private blind(node: SyntaxNode): void {
    const scope = { ...this.scope, context: any, sure: [] }
    if (node.type !== 'name' && node.type !== 'sort') this.inspector.see({ ...node, stages: [] }, scope)
    for (const each of [...(node.stages ?? []), ...(node.terms ?? [])]) this.inspector.see(each.expr ?? each.expression ?? each, scope)
  }

  /** A step taken for each row: what the rows give, poured together. */
  private overRows(from: Extract<Seen, { is: 'rows' | 'list' }>, node: SyntaxNode): Seen {
    const rows = toRows(from)
    const each = this.step(rows.item, node, { ...this.scope, sure: rows.filters })
    const given = this.filter(each, node, rows)
    return pour(rows, given)
  }

  private filter(value: Seen, node: SyntaxNode, over: Rows | undefined): Seen {
    const stages = (node.stages ?? []).flatMap((each) => (each.type === 'filter' && each.expr ? [each.expr] : []))
    if (value.is === 'rows' && value.isWhole) {
      this.inspector.meet({ at: 'relation', node, relation: value.relation, filters: stages, around: this.path.steps?.length === 1 ? this.inspector.around : this.path })
    }
    return stages.reduce((from, expr) => filtered(from, expr, { scope: this.scope, step: node, path: this.path, over, inspector: this.inspector }), value)
  }

  private sorted(value: Seen, node: SyntaxNode): Seen {
    for (const each of node.terms ?? []) if (each.expression) this.inspector.see(each.expression, { ...this.scope, context: itemOf(value), sure: [] })
    this.inspector.meet({ at: 'sort', node, of: value })
    return this.filter(value.is === 'rows' ? { ...value, isWhole: false } : value, node, undefined)
  }

  private lookUp(from: Seen, node: SyntaxNode, name: string, isFirst: boolean): Seen {
    switch (from.is) {
      case 'root':
        return this.lookUpRoot(name)
      case 'object':
        return lookUpField(from, name) ?? this.unknown(from, node, name, isFirst)
      case 'segments':
        return plain('boolean', [[]])
      case 'vars': {
        const value = Object.hasOwn(from.value, name) ? from.value[name] : undefined
        return value === undefined ? any : fromJson(value)
      }
      case 'rows':
      case 'list':
        return pour(toRows(from), this.lookUp(toRows(from).item, node, name, isFirst))
      case 'plain':
        return from.field === undefined ? any : this.unknown(from, node, name, isFirst)
      case 'any':
      case 'missing':
      case 'record':
      case 'lambda':
      case 'regex':
        return any
    }
  }

  private unknown(from: Thing | Plain, node: SyntaxNode, name: string, isFirst: boolean): Seen {
    this.inspector.meet({ at: 'unknown', node, name, from, path: this.path, isFirst })
    return { is: 'missing' }
  }

  private lookUpRoot(name: string): Seen {
    const { shape } = this.inspector
    const [object, relation] = [own(shape.objects, name), own(shape.relations, name)]
    if (object) return { is: 'object', name, shape: object, prefix: '', isRow: false, missingBy: name === shape.entity ? [] : [[]] }
    if (relation) {
      const item: Thing = { is: 'object', name, shape: relation, prefix: '', isRow: true, missingBy: [] }
      return { is: 'rows', relation: name, item, isWhole: true, filters: [], maybeOne: false, missingBy: [] }
    }
    if (name === 'segments') return { is: 'segments' }
    // Other names of the root are told where the whole segment is resolved.
    return name === 'id' ? plain('string') : any
  }
}

function own<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined
}

/** Undefined when there is no such field. */
export function lookUpField(from: Thing, name: string): Seen | undefined {
  const { fields, enums } = from.shape
  const field = `${from.prefix}${name}`
  const stored = own(fields, field)
  if (stored !== undefined) return fieldOf(from, field, stored, own(enums ?? {}, field))
  const isNested = Object.keys(fields).some((each) => each.startsWith(`${field}.`))
  return isNested ? { ...from, prefix: `${field}.`, isRow: false, missingBy: [[]] } : undefined
}

function fieldOf(from: Thing, name: string, stored: FieldType, allowed: readonly string[] | undefined): Seen {
  const field = { name, stored, ...(allowed === undefined ? {} : { enum: allowed }) }
  const causes: readonly Cause[] = from.missingBy.length === 0 && isAlwaysThere(from, name, stored) ? [] : [[]]
  switch (stored) {
    case 'object':
      return any
    case 'strings':
      return { is: 'list', item: plain('string'), field, missingBy: causes }
    case 'number':
    case 'integer':
      return plain('number', causes, { field })
    case 'boolean':
      return plain('boolean', causes, { field })
    case 'string':
    case 'key':
    case 'date':
    case 'timestamp':
      return plain('string', causes, { field })
  }
}

/** Everything else may be missing: sources leave out what they do not know. */
function isAlwaysThere({ name: of }: Thing, name: string, stored: FieldType): boolean {
  return stored === 'key' || (of === 'events' && name === 'timestamp') || (of === 'accounts' && (name === 'relation.direct' || name === 'relation.throughOpportunity'))
}

function toRows(from: Extract<Seen, { is: 'rows' | 'list' }>): Rows {
  if (from.is === 'rows') return from
  return { is: 'rows', relation: '', item: from.item, isWhole: false, filters: [], maybeOne: false, missingBy: from.missingBy }
}

function pour(rows: Rows, each: Seen): Seen {
  const walked = { ...rows, isWhole: false, missingBy: [[]] }
  switch (each.is) {
    case 'missing':
      return each
    case 'plain':
    case 'object':
      return { ...walked, item: withMissing(each, []) }
    case 'list':
      return { ...walked, item: each.item, isNested: true }
    case 'rows':
      return { ...walked, item: each.item, filters: [...rows.filters, ...each.filters], maybeOne: rows.maybeOne || each.maybeOne }
    case 'any':
    case 'root':
    case 'segments':
    case 'vars':
    case 'record':
    case 'lambda':
    case 'regex':
      return { ...walked, item: any }
  }
}

export function itemOf(seen: Seen): Seen {
  return seen.is === 'rows' || seen.is === 'list' ? seen.item : seen
}

interface FilterSite {
  readonly scope: Scope
  readonly step: SyntaxNode
  readonly path: SyntaxNode | undefined
  readonly over: Rows | undefined
  readonly inspector: Inspector
}

/** `value[predicate]` */
export function filtered(value: Seen, predicate: SyntaxNode, site: FilterSite): Seen {
  const { scope, inspector, step, path, over } = site
  const gives = inspector.see(predicate, { ...scope, context: itemOf(value), sure: value.is === 'rows' ? value.filters : [] })
  inspector.meet({ at: 'filter', node: predicate, of: value, gives, step, path, over })
  // A position that each item tells for itself may pick several.
  if (isPosition(gives) && readsItem(predicate)) return any
  if (isPosition(gives)) return value.is === 'rows' || value.is === 'list' ? picked(itemOf(value)) : value
  inspector.condition(predicate, 'predicate', [])
  switch (value.is) {
    case 'rows':
      return { ...value, isWhole: false, filters: [...value.filters, predicate], maybeOne: value.maybeOne || gives.is === 'any' || isPinned(predicate), missingBy: [[]] }
    case 'list':
      return { is: 'rows', relation: '', item: value.item, isWhole: false, filters: [predicate], maybeOne: true, missingBy: [[]] }
    case 'plain':
    case 'object':
      return { ...value, missingBy: [[]] }
    case 'any':
    case 'missing':
    case 'root':
    case 'segments':
    case 'vars':
    case 'record':
    case 'lambda':
    case 'regex':
      return value
  }
}

function picked(item: Seen): Seen {
  return item.is === 'any' ? any : withMissing(item, [[]])
}

function isPosition(gives: Seen): boolean {
  return gives.is === 'plain' && gives.type === 'number'
}

const keyNames: ReadonlySet<string> = new Set([...Object.values(ownKeys), 'isPrimary'])

/** A filter by a key leaves one row, most likely; so does the flag of the primary one. */
function isPinned(predicate: SyntaxNode): boolean {
  return operandsOf(predicate, 'and').some((each) => {
    const sides = isOperator(each, '=') ? [leftOf(each), each.rhs] : [each]
    return sides.some((side) => keyNames.has(nameOf(side) ?? lastName(side) ?? ''))
  })
}

function lastName(node: SyntaxNode | undefined): string | undefined {
  const last = node?.type === 'path' ? node.steps?.at(-1) : undefined
  return last?.type === 'name' ? String(last.value) : undefined
}
