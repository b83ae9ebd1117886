import assert from 'node:assert/strict'
import { standardEntities } from '../../entities/standard-entities.js'
import { parseExpression } from '../../expressions/parse.js'
import { toRootShape } from '../../expressions/root-shape.js'
import { type PayloadValue, findPayloadValues } from './payload-values.js'

const shape = toRootShape(standardEntities, 'person')
const personFields = Object.keys(shape.objects['person']?.fields ?? {}).length

function values(body: string): readonly (readonly PayloadValue[])[] {
  const parsed = parseExpression(body)
  assert.ok(parsed.ok, body)
  return findPayloadValues({ expression: parsed.expression, shape, vars: { region: 'emea', codes: ['a'] } })
}

const kinds = (body: string): unknown => values(body).map((record) => record.map((each) => `${each.name}: ${each.is}`))

describe('findPayloadValues', () => {
  it('tells one value from lists and maps', () => {
    assert.deepEqual(kinds('{ "a": person.email, "b": accounts.name, "c": [accounts.name], "d": person.tags, "e": person.custom, "f": $count(accounts), "g": $join(accounts.name), "h": accounts[0].name, "i": "x" }'), [
      ['a: one value', 'b: list', 'c: list', 'd: list', 'e: map', 'f: one value', 'g: one value', 'h: one value', 'i: one value'],
    ])
  })

  it('goes into nested records, blocks and both ways of a choice', () => {
    assert.deepEqual(kinds('{ "address": { "city": person.city, "geo": { "country": person.country } } }'), [['address.city: one value', 'address.geo.country: one value']])
    assert.deepEqual(kinds('($all := accounts.name; { "first": $all[0], "all": $all })'), [['first: one value', 'all: list']])
    assert.deepEqual(kinds('$exists(person) ? { "email": person.email } : { "account": account.name }'), [['email: one value'], ['account: one value']])
  })

  it('counts a whole object by its fields', () => {
    assert.deepEqual(values('person').map((record) => record.map(({ name, is, fields }) => [name, is, fields])), [[['', 'map', personFields]]])
    assert.deepEqual(values('{ "scores": person.scores, "email": person.email }').map((record) => record.map(({ is, fields }) => [is, fields])), [[['one value', 2], ['one value', 1]]])
  })

  it('knows where each value is written', () => {
    assert.deepEqual(values('{ "a": person.email, "b": accounts[0].name }').flat().map((each) => [each.text, each.range]), [['person.email', { from: 7, to: 19 }], ['accounts[0].name', { from: 26, to: 42 }]])
  })

  it('says nothing bad of what it cannot follow', () => {
    assert.deepEqual(kinds('$merge([person, { "x": 1 }])'), [[': one value']])
    assert.deepEqual(kinds('{ "r": $vars.region, "c": $vars.codes, "$": $eval("1") }'), [['r: one value', 'c: list', '$: one value']])
  })
})
