import assert from 'node:assert/strict'
import { parseExpression } from '../../expressions/parse.js'
import { findContainers } from './measure-containers.js'

function measured(text: string): readonly (readonly [depth: number, rules: number])[] {
  const parsed = parseExpression(text)
  assert.ok(parsed.ok, text)
  return findContainers(parsed.expression.tree, text).map(({ depth, rules }) => [depth, rules])
}

describe('findContainers', () => {
  it('counts single conditions as rules of the container around them', () => {
    assert.deepEqual(measured('account.employees > 5'), [[1, 1]])
    assert.deepEqual(measured('account.a = 1 and account.b = 2 and account.c = 3'), [[1, 3]])
  })

  it('goes down where and and or take turns, and through $not', () => {
    assert.deepEqual(measured('account.a = 1 and (account.b = 2 or account.c = 3)'), [[1, 1], [2, 2]])
    assert.deepEqual(measured('$not(account.a = 1) and $not(account.b = 2 or account.c = 3)'), [[1, 1], [2, 2]])
    assert.deepEqual(measured('account.a = 1 and (account.b = 2 and account.c = 3)'), [[1, 1], [2, 2]])
  })

  it('takes the filter of a list for a container, with what is filtered in it', () => {
    assert.deepEqual(measured('$exists(people[title = "CEO"])'), [[1, 1], [2, 1]])
    assert.deepEqual(measured('$count(people[title = "CEO" and ($exists(tags[$ = "vip"]) or country = "DE")]) > 2'), [[1, 1], [2, 1], [3, 2], [4, 1]])
  })

  it('takes a choice for a container of three', () => {
    assert.deepEqual(measured('account.a = 1 ? account.b = 2 : account.c = 3'), [[1, 3]])
  })
})
