// A destination is sent plain values: no lists, no maps.
import { type Payload, payloadsOf } from '../expressions-of.js'
import type { CoreGuardrail, GuardedByCore } from '../guardrail.js'
import { type PayloadValue, payloadRecordsOf } from '../payload-values.js'

export const destNoArrays: CoreGuardrail = {
  id: 'dest-no-arrays', title: 'Payload holds a list or a map', kind: 'hard', generations: ['adobe-2025'], rows: [95], source: 'guardrails for destinations',
  why: 'Adobe exports no arrays and no maps but the identity map; the fields of most systems hold one value.',
  fix: 'Make one value of it: $join(accounts.name, "; "), accounts[0].name, $count(accounts).',
  check: (guarded) => payloadsOf(guarded).flatMap((payload) => findLists(payload, guarded).map(({ name, text, range, is }) => ({
    detail: `${name === '' ? 'The payload' : `"${name}" in the payload`} of "${payload.destination.name}" is a ${is}: ${text}`,
    at: { ...payload.at, range },
  }))),
}

/** Each once: segments of people and of accounts may be sent by one payload. */
function findLists(payload: Payload, { project }: GuardedByCore): readonly PayloadValue[] {
  const lists = payloadRecordsOf(payload, project).flat().filter((each) => each.is !== 'one value')
  return [...new Map(lists.map((each) => [each.range.from, each])).values()]
}
