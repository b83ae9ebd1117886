import assert from 'node:assert/strict'
import { corePolicies } from './core-policies.js'
import { type LabelExpression, type Policy, findDenied, findForbidden, labelPattern, labelsIn, labelsOf, renderDeny } from './governance.js'
import { standardEntities } from './standard-entities.js'

describe('governance', () => {
  it('knows the labels of Adobe and those of a project', () => {
    const isLabel = new RegExp(labelPattern)
    assert.deepEqual(['C1', 'C12', 'I1', 'I2', 'S1', 'S2', 'PSPD', 'RHD', 'x-partner', 'x-2026.deal_7'].filter((each) => !isLabel.test(each)), [])
    assert.deepEqual(['C0', 'C13', 'c2', 'I3', 'x-', 'x- a', 'partner', 'C2 '].filter((each) => isLabel.test(each)), [])
  })

  it('finds the labels that make an expression true, as few as decide', () => {
    const cases: readonly (readonly [deny: LabelExpression, labels: readonly string[], found: readonly string[] | undefined])[] = [
      ['C2', ['C2', 'I1'], ['C2']],
      ['C2', ['I1'], undefined],
      [{ all: ['C4', 'I1'] }, ['C4'], undefined],
      [{ all: ['C4', 'I1'] }, ['I1', 'C4', 'C2'], ['C4', 'I1']],
      [{ any: ['C12', 'C2'] }, ['C2'], ['C2']],
      [{ any: ['C12', { all: ['C3', { any: ['I1', 'I2'] }] }] }, ['C3', 'I2'], ['C3', 'I2']],
      [{ all: ['C3', { any: ['C3', 'C4'] }] }, ['C3'], ['C3']],
    ]
    assert.deepEqual(cases.map(([deny, labels]) => findDenied(deny, new Set(labels))), cases.map(([, , found]) => found))
  })

  it('writes an expression as people say it', () => {
    assert.equal(renderDeny({ any: ['C12', { all: ['C3', { any: ['I1', 'I2'] }] }] }), 'C12 or (C3 and (I1 or I2))')
    assert.equal(renderDeny({ all: [{ any: ['C2'] }] }), 'C2')
    assert.deepEqual(labelsIn({ any: ['C12', { all: ['C3', 'I1'] }] }), ['C12', 'C3', 'I1'])
  })

  it('holds for a destination that does what the policy forbids, and for every one when it names nothing', () => {
    const policy = (parts: Partial<Policy>): Policy => ({ name: 'p', description: '', deny: 'C2', enabled: true, ...parts })
    assert.deepEqual(findForbidden(policy({ marketingActions: ['emailTargeting', 'analytics'] }), ['analytics']), ['analytics'])
    assert.equal(findForbidden(policy({ marketingActions: ['emailTargeting'] }), ['analytics']), undefined)
    assert.deepEqual(findForbidden(policy({}), []), [])
    assert.equal(findForbidden(policy({ enabled: false }), []), undefined)
  })

  it('labels what identifies people in the pack', () => {
    const labelled = Object.values(standardEntities).flatMap(({ name, fields }) => Object.entries(fields).flatMap(([field, { labels = [] }]) => labels.map((each) => `${name}.${field} ${each}`)))
    assert.deepEqual(labelled.filter((each) => each.endsWith(' I1')), ['person.email I1', 'person.phone I1', 'person.mobile I1', 'person.firstName I1', 'person.lastName I1', 'event.email I1'])
    assert.deepEqual(labelled.filter((each) => each.endsWith(' I2')), [
      'person.ecid I2', 'person.anonymousId I2', 'person.postalCode I2', 'person.externalKey I2', 'person.convertedContactKey I2', 'person.mergedIntoKey I2', 'person.birthDate I2',
      'opportunity-person.personKey I2', 'account-person.personKey I2', 'campaign-member.personKey I2', 'list-member.personKey I2', 'event.personKey I2', 'event.ecid I2', 'event.anonymousId I2',
    ])
    assert.deepEqual(labelsOf(standardEntities, { entity: 'person', field: 'personKey' }), ['I2'])
    assert.deepEqual(labelsOf(standardEntities, { entity: 'account', field: 'accountKey' }), [])
  })

  it('has a policy for each contract label, none of them enabled', () => {
    assert.deepEqual(corePolicies.map((each) => [each.deny, each.enabled]), Array.from({ length: 12 }, (_, index) => [`C${String(index + 1)}`, false]))
  })
})
