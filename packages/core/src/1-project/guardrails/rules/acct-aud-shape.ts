// How a segment of accounts may be built: few containers in each other, few rules in each.
import type { Breach } from '../../../plugins/guardrail.js'
import { type TextRange } from '../../../expressions/expression.js'
import { spanOf } from '../../../expressions/places.js'
import { type SyntaxNode, allNodes } from '../../../expressions/syntax-tree.js'
import { type SegmentExpression, expressionsOf } from '../expressions-of.js'
import type { CoreGuardrail } from '../guardrail.js'
import { findContainers } from '../measure-containers.js'

/** Of the page "account audiences". Entities are one step from an account here and lists of text are not nested, which keeps its other two (5 hops, arrays 5 deep). */
const most = { containers: 5, rules: 5, values: 50, objects: 10 } as const

export const acctAudShape: CoreGuardrail = {
  id: 'acct-aud-shape', title: 'Segment of accounts is built too deeply', kind: 'hard', generations: ['adobe-2025'], rows: [56], source: 'account audiences',
  why: `Adobe takes containers (conditions joined by and or or, filters) up to ${String(most.containers)} levels deep with ${String(most.rules)} rules in each, ${String(most.values)} values for a field and objects ${String(most.objects)} levels deep, and refuses the rest.`,
  fix: 'Put conditions on one list into one filter and alternatives into one list (in ["a", "b"]), or make several segments of it.',
  check: ({ project: { segments } }) => expressionsOf(segments.filter((each) => each.entity === 'account')).flatMap((each) => findExcesses(each).slice(0, 1).map(({ detail, range }): Breach => ({
    detail: `"${each.segment.name}" ${detail}.`, at: { address: `Segment/${each.segment.name}`, pointer: '/expression', range },
  }))),
}

interface Excess {
  readonly detail: string
  readonly range: TextRange
}

function findExcesses({ expression: { tree, text } }: SegmentExpression): readonly Excess[] {
  const containers = findContainers(tree, text)
  const nodes = [...allNodes(tree)]
  const at = (node: SyntaxNode): TextRange => spanOf(node, text)
  return [
    ...containers.filter(({ depth }) => depth > most.containers).map(({ range, depth }) => ({ detail: `has containers ${String(depth)} levels deep; the limit is ${String(most.containers)}`, range })),
    ...containers.filter(({ rules }) => rules > most.rules).map(({ range, rules }) => ({ detail: `has ${String(rules)} rules in one container; the limit is ${String(most.rules)}`, range })),
    ...nodes.filter((each) => valuesOf(each) > most.values).map((each) => ({ detail: `lists ${String(valuesOf(each))} values for a field; the limit is ${String(most.values)}`, range: at(each) })),
    ...nodes.filter((each) => objectsOf(each) > most.objects).map((each) => ({ detail: `reads objects ${String(objectsOf(each))} levels deep; the limit is ${String(most.objects)}`, range: at(each) })),
  ]
}

/** `["DE", "AT"]` */
function valuesOf({ type, value, expressions }: SyntaxNode): number {
  return type === 'unary' && value === '[' ? (expressions?.length ?? 0) : 0
}

/** `account.custom.a.b`: all names but the last are objects. */
function objectsOf({ type, steps = [] }: SyntaxNode): number {
  return type === 'path' && steps.every((each) => each.type === 'name') ? steps.length - 1 : 0
}
