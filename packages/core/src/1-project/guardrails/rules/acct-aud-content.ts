// What a segment of accounts may not read.
import type { TextRange } from '../../../expressions/expression.js'
import { rangeOf } from '../../../expressions/places.js'
import { type RootShape, toRootShape } from '../../../expressions/root-shape.js'
import { allNodes } from '../../../expressions/syntax-tree.js'
import { type SegmentExpression, expressionsOf } from '../expressions-of.js'
import type { CoreGuardrail } from '../guardrail.js'

export const acctAudContent: CoreGuardrail = {
  id: 'acct-aud-content', title: 'Segment of accounts reads what it may not', kind: 'hard', generations: ['adobe-2025'], rows: [57], source: 'account audiences; B2B account activation blueprint',
  why: 'Adobe refuses maps and memberships of other segments in a segment of accounts. Events, their sequences and entities of the project, which it refuses too, are not seen by one here at all.',
  fix: 'Use fields that the schema names; add them to the schema (extends: b2b/account) and map them.',
  check: ({ project: { segments, entities } }) => {
    const shape = toRootShape(entities, 'account')
    return expressionsOf(segments.filter((each) => each.entity === 'account')).flatMap((each) => findBanned(each, shape).map(({ what, range }) => ({
      detail: `"${each.segment.name}" reads ${what}.`, at: { address: `Segment/${each.segment.name}`, pointer: '/expression', range },
    })))
  },
}

interface Banned {
  readonly what: string
  readonly range: TextRange
}

function findBanned({ expression: { reads, tree, text } }: SegmentExpression, shape: RootShape): readonly Banned[] {
  const segments = reads.roots.filter((each) => each.name === 'segments').map(({ range }) => ({ what: 'memberships of other segments', range }))
  const everything = reads.roots.filter((each) => each.name === '*').map(({ range }) => ({ what: 'everything, maps too', range }))
  const maps = freeJsonOf(shape).filter((field) => reads.columns.some((each) => each === field || each.startsWith(`${field}.`))).map((field) => {
    const node = [...allNodes(tree)].find((each) => each.type === 'name' && each.value === field.split('.').at(-1))
    return { what: `the map ${field}`, range: node ? rangeOf(node, text) : { from: 0, to: text.length } }
  })
  return [...segments, ...everything, ...maps]
}

/** Fields whose inside no schema knows: `account.custom`. */
function freeJsonOf({ objects, relations }: RootShape): readonly string[] {
  return Object.entries({ ...objects, ...relations }).flatMap(([root, { fields }]) => Object.entries(fields).flatMap(([field, type]) => (type === 'object' ? [`${root}.${field}`] : [])))
}
