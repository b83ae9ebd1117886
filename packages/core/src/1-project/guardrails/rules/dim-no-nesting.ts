// Entities of the project do not refer to each other.
import { classOf } from '../entity-class.js'
import type { CoreGuardrail } from '../guardrail.js'
import { nameOf, placeOf, relationsOf } from '../relations.js'

export const dimNoNesting: CoreGuardrail = {
  id: 'dim-no-nesting', title: 'Entities of the project refer to each other', kind: 'soft', limit: 0, unit: 'relations', rows: [26], source: 'default guardrails for Real-Time Customer Profile; guardrails for Real-Time CDP B2B Edition',
  why: 'What is two relations away from a person cannot be reached in a segment.',
  fix: 'Let the person or the event refer to both, or copy the fields that segments need into the nearer one.',
  check: ({ project: { entities }, limit }) => {
    const found = relationsOf(entities).filter(({ from, to }) => classOf(from) === 'custom' && classOf(to) === 'custom')
    const beyond = found[limit]
    return beyond ? [{ detail: `Entities of the project refer to each other: ${found.map(nameOf).join(', ')}; the limit is ${String(limit)}.`, at: placeOf(beyond) }] : []
  },
}
