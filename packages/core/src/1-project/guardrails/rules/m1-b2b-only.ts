// Many-to-one relations tie entities of the B2B pack, no others.
import { type EntityClass, classOf } from '../entity-class.js'
import type { CoreGuardrail } from '../guardrail.js'
import { nameOf, placeOf, relationsOf } from '../relations.js'

export const m1B2bOnly: CoreGuardrail = {
  id: 'm1-b2b-only', title: 'Relation between the B2B pack and something else', kind: 'hard', rows: [41], source: 'guardrails for Real-Time CDP B2B Edition',
  why: 'Multi-entity segments walk from persons to accounts, opportunities, campaigns and lists; an entity of the project is on none of these ways, so the relation would lead nowhere.',
  fix: 'Extend a schema of the pack (extends: b2b/account) instead of adding an entity, or refer from persons or events.',
  check: ({ project: { entities } }) =>
    relationsOf(entities)
      .filter(({ from, to }) => isOneOfEach(classOf(from), classOf(to)))
      .map((each) => ({ detail: `${nameOf(each)} refers to "${each.to.name}": "${classOf(each.from) === 'custom' ? each.from.name : each.to.name}" is no entity of the B2B pack.`, at: placeOf(each) })),
}

function isOneOfEach(from: EntityClass, to: EntityClass): boolean {
  return (from === 'b2b' && to === 'custom') || (from === 'custom' && to === 'b2b')
}
