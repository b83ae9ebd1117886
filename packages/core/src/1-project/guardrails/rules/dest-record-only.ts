// A destination is sent what a profile is, not what happened to it.
import { payloadsOf } from '../expressions-of.js'
import type { CoreGuardrail } from '../guardrail.js'

export const destRecordOnly: CoreGuardrail = {
  id: 'dest-record-only', title: 'Payload reads events', kind: 'hard', rows: [94], source: 'guardrails for destinations',
  why: 'Events are many and grow: an export carries the attributes of a profile, and the membership says that the events were there.',
  fix: 'Let a segment hold the condition on events, or copy what is needed to a field of the person.',
  check: (guarded) => payloadsOf(guarded).flatMap(({ destination, expression, at }) => {
    const read = expression.reads.roots.find((each) => each.name === 'events' || each.name === '*')
    if (!read) return []
    return [{ detail: `The payload of "${destination.name}" reads ${read.name === '*' ? 'everything, events too' : 'events'}.`, at: { ...at, range: read.range } }]
  }),
}
