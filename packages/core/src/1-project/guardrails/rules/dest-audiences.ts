// A destination is given at most 250 segments.
import { tooMany } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const destAudiences: CoreGuardrail = {
  id: 'dest-audiences', title: 'Too many segments at one destination', kind: 'soft', limit: 250, unit: 'segments', rows: [91], source: 'guardrails for destinations',
  why: 'All of them share the requests that the destination allows.',
  fix: 'Make a further destination with the same configuration and give it a part of the segments.',
  check: ({ project: { destinations, segments }, limit }) => destinations.flatMap(({ name }) => {
    const found = segments.flatMap((segment) => segment.activate.flatMap(({ destination }, index) => (destination === name ? [{ address: `Segment/${segment.name}`, pointer: `/activate/${String(index)}/destination` }] : [])))
    return tooMany({ whose: `Destination/${name}`, what: 'segments', limit, found })
  }),
}
