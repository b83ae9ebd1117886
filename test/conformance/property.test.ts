import assert from 'node:assert/strict'
import type { JsonObject } from '../../packages/core/src/kernel/json.js'
import { closureDisagreement, readsDisagreement, storeDisagreements, storeProfiles } from './disagreements.js'
import { readKeptCases } from './kept-cases.js'
import { readModel } from './model.js'
import { comparing, at, andLevel, say } from './phrase.js'
import { findDisagreements, toDisagreementLines } from './property.js'
import { shrink } from './shrink.js'

const model = readModel()

describe('random expressions over random profiles', function () {
  this.timeout(300_000)

  it('give in closures and in the store what the reference gives', async () => {
    const found = await findDisagreements({ model, runs: 2000, seed: 20_250_630, most: 5 })
    assert.deepEqual(found.flatMap(toDisagreementLines), [])
  })
})

describe('cases that once failed', function () {
  this.timeout(60_000)

  for (const { note, expression, profiles } of readKeptCases()) {
    it(`agree: ${note}`, async () => {
      const stored = await storeProfiles(profiles, model)
      const found = [await closureDisagreement(expression, profiles), await readsDisagreement(expression, profiles), ...(await storeDisagreements([expression], stored))]
      await stored.store.close()
      assert.deepEqual(found, [undefined, undefined, undefined])
    })
  }
})

describe('shrink', () => {
  it('finds the one profile, the smallest expression and the smallest profile that still differ', async () => {
    const truth = say('truth')
    const title = say('truth', comparing)`$lowercase(${say('text')`person.title`}) = "ceo"`
    const phrase = say('truth', andLevel)`${at(andLevel, truth`$exists(accounts)`)} and ${at(comparing, truth`$not(${title})`)}`
    const profiles: readonly JsonObject[] = [{ id: 'p', person: { personKey: 'p1' } }, { id: 'p', person: { personKey: 'p2', title: 'CEO', country: 'DE', tags: ['a'] }, accounts: [{ accountKey: 'a' }] }]
    const differs = async (expression: string, some: readonly JsonObject[]): Promise<string | undefined> =>
      expression.includes('$lowercase(person.title)') && some.some((each) => (each['person'] as JsonObject)['title'] !== undefined) ? 'differs' : undefined
    assert.deepEqual(await shrink(phrase, profiles, differs), { expression: '$lowercase(person.title) = "ceo"', profiles: [{ id: 'p', person: { personKey: 'p2', title: 'CEO' } }], how: 'differs' })
  })
})
