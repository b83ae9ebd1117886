// A destination is sent at most 50 fields.
import { toRootShape } from '../../../expressions/root-shape.js'
import { payloadsOf } from '../expressions-of.js'
import type { CoreGuardrail } from '../guardrail.js'
import { findPayloadValues } from '../payload-values.js'

export const destAttributes: CoreGuardrail = {
  id: 'dest-attributes', title: 'Too many fields in a payload', kind: 'soft', limit: 50, unit: 'fields', rows: [92], source: 'guardrails for destinations',
  why: 'Every change of a membership carries all of them, and every one is more that leaves the house.',
  fix: 'Send the fields that the destination uses, one by one, instead of whole objects.',
  check: (guarded) => payloadsOf(guarded).flatMap(({ destination, expression, at, entities }) => {
    const { project, limit } = guarded
    const shapes = (entities.size === 0 ? ['person' as const] : [...entities]).map((each) => toRootShape(project.entities, each))
    const records = shapes.flatMap((shape) => findPayloadValues({ expression, shape, vars: project.sandbox.vars }))
    const most = Math.max(0, ...records.map((values) => values.reduce((sum, each) => sum + each.fields, 0)))
    return most <= limit ? [] : [{ detail: `"${destination.name}" is sent ${String(most)} fields of a profile; the limit is ${String(limit)}.`, at }]
  }),
}
