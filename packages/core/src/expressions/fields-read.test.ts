import assert from 'node:assert/strict'
import type { ProfileEntity } from '../entities/profile-entity.js'
import { standardEntities } from '../entities/standard-entities.js'
import { findFieldsRead } from './fields-read.js'
import { parseExpression } from './parse.js'

function read(text: string, as: 'condition' | 'payload' = 'condition', entity: ProfileEntity = 'person'): readonly string[] {
  const parsed = parseExpression(text)
  assert.ok(parsed.ok, text)
  const fields = findFieldsRead({ reads: parsed.expression.reads, entities: standardEntities, entity, as })
  for (const { field, range } of fields) assert.ok(range.to <= text.length, field)
  return fields.map((each) => `${each.entity}.${each.field}`).sort()
}

const allOf = (entity: string): readonly string[] => Object.keys(standardEntities[entity]?.fields ?? {}).map((each) => `${entity}.${each}`)

describe('findFieldsRead', () => {
  it('finds fields through every relation', () => {
    assert.deepEqual(read('person.title = "CEO" and accounts[employees > 5].opportunities = 1'), ['account.employees', 'person.title'])
    assert.deepEqual(read('accounts.relation.role = "x"'), ['account-person.role'])
    assert.deepEqual(read('accounts.relation.direct'), [], 'it is computed')
    assert.deepEqual(read('$count(opportunities[$not(isClosed) and amount > 5]) > 0'), ['opportunity.amount', 'opportunity.isClosed'])
    assert.deepEqual(read('opportunityRoles.role = "x" and campaignMemberships[campaign.status = "x" and campaignName = "y"].status = "z"'), ['campaign-member.status', 'campaign.name', 'campaign.status', 'opportunity-person.role'])
    assert.deepEqual(read('listMemberships.listName = "x" and $exists(events[eventType = "a"])'), ['event.eventType', 'marketing-list.name'])
    assert.deepEqual(read('people.email = "x" and parent.name = children.name and $exists(account.industry)', 'condition', 'account'), ['account.industry', 'account.name', 'person.email'])
  })

  it('takes a field for read also where only its presence counts, and all of it where a part is read', () => {
    assert.deepEqual(read('$exists(person.email)'), ['person.email'])
    assert.deepEqual(read('person.email'), ['person.email'])
    assert.deepEqual(read('person.custom.score > 1'), ['person.custom'])
    assert.deepEqual(read('$exists(person.consents.marketing)').length, 6)
    assert.deepEqual(read('person.personKey = "1@crm"'), ['person.personKey'])
  })

  it('takes rows whose number or presence counts for no field of theirs', () => {
    for (const text of ['$count(accounts) > 1', 'accounts', 'accounts and true', '$exists(accounts) ? true : false', '$not(opportunities)', '($a := accounts; $count($a) > 1)', '$boolean(person)', '$count([accounts, opportunities]) > 2 and false'].slice(0, 7)) assert.deepEqual(read(text), [], text)
    assert.deepEqual(read('$count($filter(accounts, function($a) { $a.employees > 3 })) > 1'), ['account.employees'])
    assert.deepEqual(read('($big := function($a) { $a.employees > 3 }; $exists($filter(accounts, $big)))'), ['account.employees'])
    assert.deepEqual(read('accounts[employees > 3]'), ['account.employees'])
  })

  it('takes every field for read of a row that is looked at as a whole', () => {
    for (const text of ['$string(accounts) = "x"', 'accounts = 1', 'accounts.* = 1', '$contains($string(accounts), "x")', '$count($map(accounts, $string)) > 1']) {
      assert.deepEqual(allOf('account').filter((each) => !read(text).includes(each)), [], text)
    }
  })

  it('takes everything for read where it cannot be followed', () => {
    const everything = ['person', 'account', 'opportunity', 'event', 'campaign', 'list-member'].flatMap(allOf)
    for (const text of ['$string($$) = "x"', '$eval("person.email")', '$keys($)[0] = "a"', '**.email = "x"', '*.email = "x"']) {
      const found = new Set(read(text))
      assert.deepEqual(everything.filter((each) => !found.has(each)), [], text)
    }
  })

  it('follows what is bound, handed over and taken from the context', () => {
    assert.deepEqual(read('($vars := person; $vars.country = "DE")'), ['person.country'])
    assert.deepEqual(read('accounts.($n := name; $n = "x")'), ['account.name'])
    assert.deepEqual(read('accounts[$contains(name, "x")]'), ['account.name'])
    for (const text of ['person.$lookup("title") = "CEO"', '"CEO" in person.$each(function($v) { $v })', 'person[$lookup("title") = "CEO"]']) assert.ok(read(text).includes('person.title'), text)
  })

  it('takes for read of a payload all that it gives', () => {
    assert.deepEqual(read('{ "email": person.email, "deals": $count(opportunities), "accounts": accounts.name }', 'payload'), ['account.name', 'person.email'])
    assert.deepEqual(allOf('account').filter((each) => !read('{ "accounts": accounts }', 'payload').includes(each)), [])
    assert.deepEqual(read('$map(accounts, function($a) { $a.name })', 'payload'), ['account.name'])
    assert.deepEqual(read('accounts.{ "n": name }', 'payload'), ['account.name'])
    assert.deepEqual(allOf('opportunity').filter((each) => !read('$filter(opportunities, function($o) { $o.isWon })', 'payload').includes(each)), [])
    assert.deepEqual(read('$exists(person) ? { "email": person.email } : { "account": account.name, "people": $count(people) }', 'payload'), ['person.email'])
    assert.deepEqual(read('accounts{ industry: $count(name) }', 'payload'), ['account.industry', 'account.name'])
    assert.deepEqual(read('$lookup(person, "email")', 'payload'), ['person.email'])
    assert.deepEqual(read('{ "segment": segment, "list": list, "status": status, "id": id }', 'payload'), [])
  })

  it('says where the field stands', () => {
    const text = 'accounts[employees > 5] and person.email'
    const parsed = parseExpression(text)
    assert.ok(parsed.ok)
    const fields = findFieldsRead({ reads: parsed.expression.reads, entities: standardEntities, entity: 'person', as: 'condition' })
    assert.deepEqual(fields.map(({ range }) => text.slice(range.from, range.to)), ['employees', 'email'])
  })
})
