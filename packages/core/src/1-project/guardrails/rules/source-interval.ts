// A source that is read by scheduled runs is read every 15 minutes at most.
import { findCronGaps } from '../../../kernel/cron.js'
import { describeMinutes } from '../describe-minutes.js'
import type { CoreGuardrail } from '../guardrail.js'

export const sourceInterval: CoreGuardrail = {
  id: 'source-interval', title: 'Source is read too often', kind: 'hard', limit: 15, unit: 'minutes', rows: [90], source: 'CRM dataflow tutorial',
  why: 'A run that is not over when the next one starts costs the source twice. Connectors that read changes as a stream (Marketo, the collection of events) are not held to it.',
  fix: 'Let the schedule run every 15 minutes or less often: "*/15 * * * *".',
  check: ({ project: { sources }, registry, limit }) => sources.flatMap(({ name, connector, schedule }) => {
    const isContinuous = registry.find(connector)?.source?.capabilities.continuous === true
    const shortest = isContinuous || schedule === undefined ? undefined : findCronGaps(schedule)?.shortestMinutes
    if (shortest === undefined || shortest >= limit) return []
    return [{ detail: `"${name}" is read again after ${describeMinutes(shortest)}; the limit is ${describeMinutes(limit)}.`, at: { address: `Source/${name}`, pointer: '/schedule' } }]
  }),
}
