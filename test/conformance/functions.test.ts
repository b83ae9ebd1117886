import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { functions } from '../../packages/core/src/expressions/functions/index.js'
import type { Json, JsonObject } from '../../packages/core/src/kernel/json.js'
import { nowMs } from './arbitrary-values.js'
import { type SqlAnswer, askSql } from './ask-sql.js'
import { type StoredProfiles, closureDisagreement, storeDisagreements, storeProfiles } from './disagreements.js'
import { casesOf, functionCases } from './function-cases.js'
import { profilesAsGiven, profilesToStore } from './function-profiles.js'
import { functionsPagePath, toFunctionsPage } from './functions-page.js'
import { readModel } from './model.js'

const names = [...functions.keys()]

describe('functions', function () {
  this.timeout(120_000)
  const model = readModel()
  const given = profilesAsGiven(model)
  const cases = names.flatMap(casesOf)
  let stored: StoredProfiles
  let documents: readonly JsonObject[]
  let answers: ReadonlyMap<string, SqlAnswer>
  let disagreements: ReadonlyMap<string, string | undefined>
  before(async () => {
    stored = await storeProfiles(profilesToStore(model), model)
    documents = stored.texts.map((each) => JSON.parse(each) as Json as JsonObject)
    const expressions = cases.map((each) => each.expression)
    const [asked, differing] = [await askSql({ loaded: stored, expressions, nowMs }), await storeDisagreements(expressions, stored)]
    answers = new Map(asked.map((each, index) => [expressions[index] ?? '', each]))
    disagreements = new Map(differing.map((each, index) => [expressions[index] ?? '', each]))
  })
  after(() => stored.store.close())

  it('each has cases, and each case is one of a function and calls it', () => {
    assert.deepEqual(Object.keys(functionCases).sort(), [...names].sort())
    assert.deepEqual(names.filter((each) => casesOf(each).length === 0), [])
    assert.deepEqual(cases.filter(({ name, expression }) => !new RegExp(`\\$${name}\\b`).test(expression)), [])
    assert.equal(new Set(cases.map((each) => each.expression)).size, cases.length)
  })

  it('what has a form in SQL has a case that runs there', () => {
    const withForm = [...functions.values()].filter((each) => each.sql).map((each) => each.name)
    assert.deepEqual(withForm.filter((each) => !functionCases[each]?.sql && !functionCases[each]?.guarded), [])
  })

  for (const name of names) {
    it(`$${name}: closure and store say what the reference says, and the store decides as the table says`, async () => {
      for (const { expression, ran } of casesOf(name)) {
        const found = {
          given: await closureDisagreement(expression, given), stored: await closureDisagreement(expression, documents), store: disagreements.get(expression), ran: answers.get(expression)?.how?.ran,
        }
        assert.deepEqual(found, { given: undefined, stored: undefined, store: undefined, ran }, expression)
      }
    })
  }
})

describe('page of the functions', () => {
  it('is up to date: npm run docs:functions', () => {
    assert.equal(readFileSync(functionsPagePath, 'utf8'), toFunctionsPage())
  })
})
