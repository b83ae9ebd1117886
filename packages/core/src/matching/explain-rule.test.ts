import assert from 'node:assert/strict'
import { defaultPaths } from '../entities/profile-entity.js'
import { standardEntities } from '../entities/standard-entities.js'
import { parseExpression } from '../expressions/parse.js'
import { render } from '../kernel/sql-text.js'
import { duckdb } from '../stores/duckdb/dialect.js'
import { type RuleExplanation, explainRule } from './explain-rule.js'
import type { SegmentRule } from './match.js'

const nowMs = Date.parse('2026-11-23T06:00:00.000Z')
const dayMs = 86_400_000

function explain(text: string, parts: Partial<SegmentRule> = {}): RuleExplanation {
  const parsed = parseExpression(text)
  assert.ok(parsed.ok, text)
  const rule: SegmentRule = { uid: 1, name: 'x', entity: 'person', expression: text, paths: defaultPaths, vars: {}, readsSegments: [], ...parts }
  return explainRule({ entities: standardEntities, rule, expression: parsed.expression, nowMs, dialect: duckdb })
}

/** Who decides, and the parts that SQL is not sure of. */
function doubts(text: string): readonly string[] {
  const { ran, doubts: found } = explain(text)
  return [ran, ...found.map(({ range }) => text.slice(range.from, range.to))]
}

describe('explainRule', () => {
  it('has no doubts where SQL decides for everybody', () => {
    assert.deepEqual(doubts('person.title = "CEO" and $exists(accounts[employees > 5])'), ['sql'])
  })

  it('names the part that SQL cannot decide, and leaves out those that it can', () => {
    assert.deepEqual(doubts('person.title = "CEO" and $eval(person.lastName) and $exists(events)'), ['guarded', '$eval(person.lastName)'])
    assert.deepEqual(doubts('$eval(person.lastName)'), ['closure', '$eval(person.lastName)'])
    assert.match(explain('$eval(person.lastName)').doubts[0]?.reason ?? '', /\$eval/)
  })

  it('tells where an unsure value comes from, inside variables too', () => {
    assert.deepEqual(doubts('person.email != "" and ( $n := $uppercase(person.lastName); $n > "M" )'), ['guarded', '$n > "M"'])
    assert.match(explain('$uppercase(person.lastName) > "M"').doubts[0]?.reason ?? '', /outside ASCII/)
  })

  it('keeps values out of the statement', () => {
    const { text, values } = render(explain('person.title = $vars.title', { vars: { title: "O'Hara" } }).statement)
    assert.ok(!text.includes('Hara'))
    assert.ok(values.includes("O'Hara"))
  })

  it('tells event types and how far back events are read', () => {
    const recent = { is: 'since', ms: nowMs - 7 * dayMs, movesWithClock: true }
    assert.deepEqual(explain('$count(events[eventType = "a" and timestamp > $daysAgo(7)]) > 1').events, { eventTypes: ['a'], lookBack: recent })
    assert.deepEqual(explain('$exists(events[eventType in ["b", "a"] and timestamp > $daysAgo(7)])').events, { eventTypes: ['a', 'b'], lookBack: recent })
    assert.deepEqual(explain('$exists(events[eventType = "a" or web.page = "x"])').events, { eventTypes: [], lookBack: { is: 'whole history' } })
    assert.deepEqual(explain('$exists(events[timestamp > "2026-01-01"])').events, { eventTypes: [], lookBack: { is: 'since', ms: Date.parse('2026-01-01'), movesWithClock: false } })
    assert.equal(explain('person.title = "CEO"').events, undefined)
  })

  it('takes the longest of several windows, and any type where one of them says so', () => {
    const text = '$exists(events[eventType = "a" and timestamp > $daysAgo(7)]) and $count(events[timestamp > $daysAgo(30)]) = 0'
    assert.deepEqual(explain(text).events, { eventTypes: [], lookBack: { is: 'since', ms: nowMs - 30 * dayMs, movesWithClock: true } })
  })

  it('counts events that only the closure reads as read from their beginning', () => {
    assert.deepEqual(explain('$exists(events[timestamp > $daysAgo(7)]) and $count(events{eventType: $count(timestamp)}) > 0').events, { eventTypes: [], lookBack: { is: 'whole history' } })
  })
})
