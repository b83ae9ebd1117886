// A segment that streams looks back 24 hours.
import { findEventReads } from '../../../expressions/event-reads.js'
import { lower } from '../../../expressions/lowering/lower.js'
import { type RootShape, toRootShapes } from '../../../expressions/root-shape.js'
import { describeMinutes } from '../describe-minutes.js'
import { type SegmentExpression, expressionsOf } from '../expressions-of.js'
import type { CoreGuardrail } from '../guardrail.js'

export const streamWindow: CoreGuardrail = {
  id: 'stream-window', title: 'Streaming segment looks back too far', kind: 'hard', generations: ['adobe-2025'], limit: 24, unit: 'hours', rows: [61], source: 'streaming segmentation',
  why: 'Adobe lets only the events of the last 24 hours count in a segment that streams, and turns the others into batch without a word. Here it is told.',
  fix: 'Set evaluation.mode to batch, or count only the events of the last day: timestamp > $hoursAgo(24).',
  check: ({ project: { entities, segments }, limit }) => {
    const shapes = toRootShapes(entities)
    return expressionsOf(segments.filter((each) => each.lane === 'streaming')).flatMap((each) => {
      const events = each.expression.reads.roots.find(({ name }) => name === 'events' || name === '*')
      const back = events && lookBackMinutes(each, shapes[each.segment.entity])
      if (!events || back === undefined || back <= limit * 60) return []
      const far = Number.isFinite(back) ? `looks ${describeMinutes(back)} back` : 'looks at events of all time'
      return [{ detail: `"${each.segment.name}" streams and ${far}; the limit is ${describeMinutes(limit * 60)}.`, at: { address: `Segment/${each.segment.name}`, pointer: '/expression', range: events.range } }]
    })
  },
}

/** Infinite without a window, and with one that begins on a certain day: it is longer every day. */
function lookBackMinutes({ segment, expression }: SegmentExpression, shape: RootShape): number | undefined {
  // Any instant will do: windows that move with the clock are as long at each.
  const nowMs = 0
  const ir = lower({ tree: expression.tree, text: expression.text, shape, bindings: { nowMs, vars: segment.vars } })
  const lookBack = findEventReads(ir, expression)?.lookBack
  if (!lookBack) return undefined
  return lookBack.is === 'since' && lookBack.movesWithClock ? (nowMs - lookBack.ms) / 60_000 : Infinity
}
