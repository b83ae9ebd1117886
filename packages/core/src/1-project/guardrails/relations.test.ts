import assert from 'node:assert/strict'
import type { EntitySchema } from '../../entities/entity-schema.js'
import { person, standardEntities } from '../../entities/standard-entities.js'
import { isManyToOne, relationsOf } from './relations.js'

describe('relationsOf', () => {
  it('finds in the pack the many-to-one relations that Adobe defines for it, and no others', () => {
    const found = relationsOf(standardEntities).filter(isManyToOne).map(({ from, field, to }) => `${from.name}.${field} → ${to.name}`)
    assert.deepEqual(found, [
      'person.accountKey → account', 'opportunity.accountKey → account', 'opportunity-person.opportunityKey → opportunity', 'opportunity-person.personKey → person',
      'account-person.accountKey → account', 'account-person.personKey → person', 'campaign-member.campaignKey → campaign', 'campaign-member.personKey → person',
      'list-member.listKey → marketing-list', 'list-member.personKey → person',
    ])
  })

  it('knows what a project adds, to the pack and beside it', () => {
    const visit: EntitySchema = {
      name: 'visit', grain: 'stitched', description: '', namespace: 'b2b_visit', identities: [], mergePolicy: { method: 'timestamp' },
      fields: { hostKey: { type: 'key', references: 'person' }, afterKey: { type: 'key', references: 'visit' } },
    }
    const extended: EntitySchema = { ...person, fields: { ...person.fields, mentorKey: { type: 'key', references: 'visit' } } }
    const own = relationsOf({ ...standardEntities, person: extended, visit }).filter((each) => each.isOwn).map(({ from, field, to }) => `${from.name}.${field} → ${to.name}`)
    assert.deepEqual(own, ['person.mentorKey → visit', 'visit.hostKey → person', 'visit.afterKey → visit'])
  })
})
