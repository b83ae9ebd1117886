import assert from 'node:assert/strict'
import fc from 'fast-check'
import { IdentityMemory } from './identity-memory.js'

describe('IdentityMemory', () => {
  it('finds what was put in, and nothing else, whatever the values are', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('email', 'ecid', ''), fc.string({ unit: 'grapheme', maxLength: 12 })), { maxLength: 200 }), fc.string({ maxLength: 3 }), (pairs, other) => {
      const memory = new IdentityMemory('person')
      const expected = new Map<string, number>()
      for (const [namespace, value] of pairs) {
        const key = `${namespace} ${value}`
        if (expected.has(key)) continue
        expected.set(key, expected.size + 1)
        memory.add(expected.size, namespace, value, expected.size)
      }
      for (const [namespace, value] of [...pairs, ['email', other] as const]) assert.equal(memory.find(namespace, value), expected.get(`${namespace} ${value}`))
    }))
  })

  it('grows: a quarter of a million values, each found', () => {
    const memory = new IdentityMemory('person')
    for (let node = 1; node <= 250_000; node++) memory.add(node, 'email', `person${String(node)}@x.example`, node % 7)
    memory.move(3, 1)
    let wrong = 0
    for (let node = 1; node <= 250_000; node++) if (memory.find('email', `person${String(node)}@x.example`) !== node) wrong++
    assert.deepEqual([wrong, memory.nodes, memory.idOf(8), memory.idOf(3), memory.find('email', 'person0@x.example'), memory.find('ecid', 'person1@x.example')], [0, 250_000, 1, 1, undefined, undefined])
  })

  it('remembers which nodes an event has tied', () => {
    const memory = new IdentityMemory('person')
    memory.link(1, 2)
    assert.deepEqual([memory.isLinked(1, 2), memory.isLinked(2, 1)], [true, false])
  })
})
