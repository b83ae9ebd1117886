// A destination is sent at most 50 fields.
import { payloadsOf } from '../expressions-of.js'
import type { CoreGuardrail } from '../guardrail.js'
import { payloadRecordsOf } from '../payload-values.js'

export const destAttributes: CoreGuardrail = {
  id: 'dest-attributes', title: 'Too many fields in a payload', kind: 'soft', limit: 50, unit: 'fields', rows: [92], source: 'guardrails for destinations',
  why: 'Every change of a membership carries all of them, and every one is more that leaves the house.',
  fix: 'Send the fields that the destination uses, one by one, instead of whole objects.',
  check: (guarded) => payloadsOf(guarded).flatMap((payload) => {
    const records = payloadRecordsOf(payload, guarded.project)
    const most = Math.max(0, ...records.map((values) => values.reduce((sum, each) => sum + each.fields, 0)))
    return most <= guarded.limit ? [] : [{ detail: `"${payload.destination.name}" is sent ${String(most)} fields of a profile; the limit is ${String(guarded.limit)}.`, at: payload.at }]
  }),
}
