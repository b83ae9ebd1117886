// A segment in batch is evaluated once a day.
import { findCronGaps } from '../../../kernel/cron.js'
import type { CoreGuardrail } from '../guardrail.js'
import { describeMinutes } from '../describe-minutes.js'

export const batchFrequency: CoreGuardrail = {
  id: 'batch-frequency', title: 'Segment is evaluated less than once a day', kind: 'latency', limit: 24, unit: 'hours', rows: [64], source: 'latency diagrams of the architecture blueprints; segmentation guides',
  why: 'Until the next evaluation people stay in a segment to which they no longer belong, and those who came are not in it yet.',
  fix: 'Let the schedule run once a day, or say in an override that the delay is meant.',
  check: ({ project: { segments }, limit }) => segments.flatMap(({ name, lane, schedule }) => {
    const longest = lane === 'batch' ? findCronGaps(schedule)?.longestMinutes : undefined
    if (longest === undefined || longest <= limit * 60) return []
    return [{ detail: `"${name}" is not evaluated for up to ${describeMinutes(longest)}; the limit is ${describeMinutes(limit * 60)}.`, at: { address: `Segment/${name}`, pointer: '/evaluation/schedule' } }]
  }),
}
