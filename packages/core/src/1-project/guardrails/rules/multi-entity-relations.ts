// Persons and events refer to few entities that are not of the pack: 20 in the seed, 5 since 2025.
import type { EntitySchema } from '../../../entities/entity-schema.js'
import { counting } from '../count-resources.js'
import { classOf } from '../entity-class.js'
import type { CoreGuardrail } from '../guardrail.js'
import { placeOf, relationsOf } from '../relations.js'

export const multiEntityRelations: CoreGuardrail = {
  id: 'multi-entity-relations', title: 'Too many relations to entities of the project', kind: 'soft', limit: { seed: 20, 'adobe-2025': 5 }, unit: 'relations', rows: [20],
  source: 'default guardrails for Real-Time Customer Profile; guardrails for Real-Time CDP B2B Edition',
  why: 'Each relation between persons or events and an entity of the project is followed whenever profiles are put together. Accounts, opportunities and the other entities of the pack do not count.',
  fix: 'Remove a relation before you add another, or copy the field that segments need to the person.',
  ...counting('relations between persons or events and entities of the project', ({ entities }) => relationsOf(entities).filter(({ from, to }) => isDimension(from, to) || isDimension(to, from)).map(placeOf)),
}

function isDimension(one: EntitySchema, other: EntitySchema): boolean {
  return classOf(one) === 'custom' && (classOf(other) === 'person' || classOf(other) === 'event')
}
