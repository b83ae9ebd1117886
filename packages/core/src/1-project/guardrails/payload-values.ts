// What a destination's payload is made of: each value of the object that `body` makes, and whether it is one value, a list or a map.
import { insideBlock } from '../../expressions/clauses.js'
import { inspect } from '../../expressions/checks/inspect.js'
import type { Seen } from '../../expressions/checks/seen.js'
import type { Expression, TextRange } from '../../expressions/expression.js'
import { spanOf } from '../../expressions/places.js'
import { type RootShape, toRootShape } from '../../expressions/root-shape.js'
import { type SyntaxNode, isPairs } from '../../expressions/syntax-tree.js'
import type { JsonObject } from '../../kernel/json.js'
import type { Project } from '../project.js'
import type { Payload } from './expressions-of.js'

export interface PayloadValue {
  /** Key in the record, dotted where records are nested; empty for a payload that is no record. */
  readonly name: string
  /** As written. */
  readonly text: string
  readonly range: TextRange
  readonly is: 'one value' | 'list' | 'map'
  /** How many fields of a profile it sends. */
  readonly fields: number
}

export interface PayloadQuestion {
  readonly expression: Expression
  readonly shape: RootShape
  readonly vars: JsonObject
}

/** The values of each record that the payload can be: `person ? {…} : {…}` is one of two. */
export function findPayloadValues({ expression, ...rest }: PayloadQuestion): readonly (readonly PayloadValue[])[] {
  return new Finder({ text: expression.text, ...rest }).records(expression.tree, [])
}

/** The same for what a project's destination sends, of all that its segments hold. */
export function payloadRecordsOf({ expression, entities }: Payload, project: Project): readonly (readonly PayloadValue[])[] {
  return [...entities].flatMap((each) => findPayloadValues({ expression, shape: toRootShape(project.entities, each), vars: project.sandbox.vars }))
}

class Finder {
  constructor(private readonly request: Omit<PayloadQuestion, 'expression'> & { readonly text: string }) {}

  records(node: SyntaxNode, before: readonly SyntaxNode[]): readonly (readonly PayloadValue[])[] {
    const inner = insideBlock(node)
    if (inner) return this.records(inner.last, [...before, ...inner.before])
    if (node.type === 'condition') return [node.then, node.else].flatMap((each) => (each ? this.records(each, before) : []))
    return [this.values(node, before, '')]
  }

  private values(node: SyntaxNode, before: readonly SyntaxNode[], name: string): readonly PayloadValue[] {
    const inner = insideBlock(node)
    if (inner) return this.values(inner.last, [...before, ...inner.before], name)
    if (node.type !== 'unary' || node.value !== '{' || !isPairs(node.lhs)) return [this.value(node, before, name)]
    return node.lhs.flatMap(([key, value]) => (value ? this.values(value, before, [name, typeof key?.value === 'string' ? key.value : '…'].filter((each) => each !== '').join('.')) : []))
  }

  private value(node: SyntaxNode, before: readonly SyntaxNode[], name: string): PayloadValue {
    const { text, shape, vars } = this.request
    const tree: SyntaxNode = before.length === 0 ? node : { type: 'block', expressions: [...before, node] }
    const range = spanOf(node, text)
    const { gives } = inspect({ tree, text, shape, vars })
    const isMap = gives.is === 'object' ? typesBelow(gives).some((each) => each === 'object' || each === 'strings') : isFreeJson(node, shape)
    const is = gives.is === 'rows' || gives.is === 'list' ? 'list' : isMap ? 'map' : 'one value'
    return { name, text: text.slice(range.from, range.to), range, is, fields: gives.is === 'object' ? typesBelow(gives).length : 1 }
  }
}

function typesBelow({ shape, prefix }: Extract<Seen, { is: 'object' }>): readonly string[] {
  return Object.entries(shape.fields).flatMap(([name, type]) => (name.startsWith(prefix) ? [type] : []))
}

/** `person.custom`: a field whose inside no schema knows. */
function isFreeJson({ type, steps = [] }: SyntaxNode, { objects }: RootShape): boolean {
  const [first, ...rest] = steps
  if (type !== 'path' || first?.type !== 'name' || !rest.every((each) => each.type === 'name')) return false
  return objects[String(first.value)]?.fields[rest.map((each) => String(each.value)).join('.')] === 'object'
}
