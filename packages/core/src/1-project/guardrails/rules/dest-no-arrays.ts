// A destination is sent plain values: no lists, no maps.
import { toRootShape } from '../../../expressions/root-shape.js'
import { type Payload, payloadsOf } from '../expressions-of.js'
import type { CoreGuardrail, GuardedByCore } from '../guardrail.js'
import { type PayloadValue, findPayloadValues } from '../payload-values.js'

export const destNoArrays: CoreGuardrail = {
  id: 'dest-no-arrays', title: 'Payload holds a list or a map', kind: 'hard', generations: ['adobe-2025'], rows: [95], source: 'guardrails for destinations',
  why: 'Adobe exports no arrays and no maps but the identity map; the fields of most systems hold one value.',
  fix: 'Make one value of it: $join(accounts.name, "; "), accounts[0].name, $count(accounts).',
  check: (guarded) => payloadsOf(guarded).flatMap((payload) => findLists(payload, guarded).map(({ name, text, range, is }) => ({
    detail: `${name === '' ? 'The payload' : `"${name}" in the payload`} of "${payload.destination.name}" is a ${is}: ${text}`,
    at: { ...payload.at, range },
  }))),
}

function findLists({ expression, entities }: Payload, { project }: GuardedByCore): readonly PayloadValue[] {
  const found = [...entities].flatMap((each) => findPayloadValues({ expression, shape: toRootShape(project.entities, each), vars: project.sandbox.vars }).flat())
  const lists = found.filter((each) => each.is !== 'one value')
  return [...new Map(lists.map((each) => [each.range.from, each])).values()]
}
