import assert from 'node:assert/strict'
import { standardEntities } from '../../entities/standard-entities.js'
import type { Ir } from '../ir.js'
import { allParts } from '../ir-parts.js'
import { parseExpression } from '../parse.js'
import { toRootShape } from '../root-shape.js'
import { findSince } from '../sql/since.js'
import { lower } from './lower.js'

const nowMs = Date.parse('2026-11-23T06:00:00.000Z')

function lowered(text: string): Ir {
  const parsed = parseExpression(text)
  assert.ok(parsed.ok, text)
  return lower({ tree: parsed.expression.tree, text, shape: toRootShape(standardEntities, 'person'), bindings: { nowMs, vars: { min: 5 } } })
}

/** What has no typed form, as written, with the reason. */
function opaqueParts(text: string): readonly (readonly [string, string])[] {
  return [...allParts(lowered(text))].flatMap((each) => (each.kind === 'opaque' ? [[text.slice(each.at.from, each.at.to), each.reason] as const] : []))
}

describe('lower', () => {
  it('knows fields with their types, and constants of the sandbox and the clock', () => {
    const score: Ir = { kind: 'field', scope: 'root', object: 'person', field: 'leadScore', stored: 'number' }
    assert.deepEqual(lowered('person.leadScore > $vars.min'), { kind: 'truth', of: { kind: 'compare', op: '>', left: score, right: { kind: 'constant', value: 5, fromClock: false } } })
    const [, right] = [...allParts(lowered('person.createdDate > $daysAgo(1)'))].filter((each) => each.kind === 'field' || each.kind === 'constant')
    assert.deepEqual(right, { kind: 'constant', value: '2026-11-22T06:00:00.000Z', fromClock: true })
  })

  it('reads rows side by side where a path goes from one list to another', () => {
    const [any] = [...allParts(lowered('$exists(opportunityRoles[role = "Champion"].($k := opportunityKey; $$.opportunities[opportunityKey = $k]))'))].filter((each) => each.kind === 'any')
    assert.deepEqual(any?.kind === 'any' && any.rows.scopes, [{ relation: 'opportunityRoles', scope: 'r0' }, { relation: 'opportunities', scope: 'r1' }])
  })

  it('leaves as little as possible without a typed form, and says why', () => {
    assert.deepEqual(opaqueParts('person.title = "CEO" and $exists(events[eventType = "x" and $number(form.fields.budget) > 5])'), [['fields', 'form.fields has no fixed type']])
    assert.deepEqual(opaqueParts('$count(accounts.technologies[$not($ = "SAP")]) > 1').map(([, reason]) => reason), ['a predicate on a list of text'])
  })

  it('finds the look-back window of events, unless something before it may fail', () => {
    const since = (text: string): unknown => [...allParts(lowered(text))].flatMap((each) => ('rows' in each ? [findSince(each.rows)] : []))[0]
    assert.deepEqual(since('$count(events[eventType = "x" and timestamp > $daysAgo(7)]) > 1'), { ms: nowMs - 7 * 86_400_000, fromClock: true, isSafe: true })
    assert.deepEqual(since('$exists(events[score.to > "a" and timestamp >= "2026-11-01"])'), { ms: Date.parse('2026-11-01'), fromClock: false, isSafe: false })
    assert.equal(since('$exists(events[timestamp < $daysAgo(7)])'), undefined)
  })
})
