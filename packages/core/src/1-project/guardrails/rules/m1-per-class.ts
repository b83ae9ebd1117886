// An entity of the pack has at most 2 many-to-one relations.
import { tooMany } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'
import { isManyToOne, placeOf, relationsOf } from '../relations.js'

export const m1PerClass: CoreGuardrail = {
  id: 'm1-per-class', title: 'Too many many-to-one relations of one entity', kind: 'soft', limit: 2, unit: 'relations', rows: [40], source: 'guardrails for Real-Time CDP B2B Edition',
  why: 'Each of them is joined for every multi-entity segment that goes through the entity.',
  fix: 'Remove a relation before you add another; those of the pack count.',
  check: ({ project: { entities }, limit }) => {
    const all = relationsOf(entities).filter(isManyToOne)
    return [...new Set(all.filter((each) => each.isOwn).map((each) => each.from.name))].flatMap((name) => {
      // Those of the pack first: what the project adds is what is too much.
      const found = [...all.filter((each) => each.from.name === name)].sort((a, b) => Number(a.isOwn) - Number(b.isOwn))
      return tooMany({ whose: `"${name}"`, what: `many-to-one relations (${found.map((each) => each.field).join(', ')})`, limit, found: found.map(placeOf) })
    })
  },
}
