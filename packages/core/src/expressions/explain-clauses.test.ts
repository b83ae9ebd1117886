import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../kernel/json.js'
import { toClauses } from './clauses.js'
import { toClosure } from './closure/to-closure.js'
import { type Clause, explainClauses } from './explain-clauses.js'
import { parseExpression } from './parse.js'

const person: JsonObject = {
  person: { title: 'VP Sales', score: 55, nickname: '' },
  accounts: [{ employees: 3200, industry: 'Software' }],
  opportunities: [{ isClosed: false, amount: 10 }, { isClosed: true, amount: 20 }, { amount: 5 }],
  events: [],
}

function explain(text: string, document: JsonObject = person, vars: JsonObject = {}): Clause {
  const parsed = parseExpression(text)
  assert.ok(parsed.ok)
  return explainClauses(toClauses(parsed.expression.tree, text), (part) => {
    const closed = toClosure(part, text)
    return closed.accepted ? closed.closure.evaluate(document, { nowMs: 0, vars }) : { declined: closed.reason }
  })
}

/** `✓` decides, `·` does not, `-` is not reached; then the value and the text. */
function outline(clause: Clause): readonly string[] {
  const value = clause.value.is === 'error' ? clause.value.code : clause.value.is
  const line = `${clause.reached ? (clause.decides ? '✓' : '·') : '-'} ${clause.kind} ${value}${clause.parts.length === 0 ? `: ${clause.text}` : ''}`
  return [line, ...clause.parts.flatMap(outline).map((each) => `  ${each}`)]
}

function reads(clause: Clause): readonly (readonly [string, Json | undefined])[] {
  const own = clause.reads.map((each) => (each.kind === 'value' ? ([each.text, each.value] as const) : ([each.text, [each.rows, each.passing ?? each.rows, ...each.sample]] as const)))
  return [...own, ...clause.parts.flatMap(reads)]
}

describe('clauses', () => {
  it('the first false operand of and decides, those behind it are not reached', () => {
    assert.deepEqual(outline(explain('person.score > 50 and person.title = "CEO" and $count(events) = 0')), [
      '✓ and false', '  · condition true: person.score > 50', '  ✓ condition false: person.title = "CEO"', '  - condition true: $count(events) = 0',
    ])
  })

  it('all operands of a true and decide, the first true one of an or', () => {
    assert.deepEqual(outline(explain('person.score > 50 and (person.title = "CEO" or person.score = 55 or true)')), [
      '✓ and true', '  ✓ condition true: person.score > 50', '  ✓ or true', '    · condition false: person.title = "CEO"', '    ✓ condition true: person.score = 55', '    - condition true: true',
    ])
  })

  it('$not turns, and what has no value stays without one', () => {
    assert.deepEqual(outline(explain('$not(person.score > 50)')), ['✓ not false', '  ✓ condition true: person.score > 50'])
    assert.deepEqual(outline(explain('$not(person.phone)')), ['✓ not missing', '  ✓ condition missing: person.phone'])
  })

  it('of a choice the condition and the branch that is taken decide', () => {
    assert.deepEqual(outline(explain('person.score > 60 ? person.title : person.nickname = ""')), [
      '✓ choice true', '  ✓ condition false: person.score > 60', '  - condition true: person.title', '  ✓ condition true: person.nickname = ""',
    ])
    assert.deepEqual(outline(explain('person.score > 60 ? true')), ['✓ choice missing', '  ✓ condition false: person.score > 60', '  - condition true: true'])
  })

  it('an error decides, with its code, unless it is not reached', () => {
    assert.deepEqual(outline(explain('person.title > 5 and person.score = 1')), ['✓ and T2009', '  ✓ condition T2009: person.title > 5', '  - condition false: person.score = 1'])
    assert.deepEqual(outline(explain('person.score = 1 and person.title > 5')), ['✓ and false', '  ✓ condition false: person.score = 1', '  - condition T2009: person.title > 5'])
  })

  it('clauses of a block see what is bound before them', () => {
    const found = explain('( $open := opportunities[isClosed = false]; $count($open) = 1 and $open.amount > 5 )')
    assert.deepEqual(outline(found), ['✓ and true', '  ✓ condition true: $count($open) = 1', '  ✓ condition true: $open.amount > 5'])
    assert.deepEqual(reads(found).map(([text]) => text), ['$open', '$open.amount'])
  })

  it('tells the values that a condition read, and of lists the rows and how many pass', () => {
    assert.deepEqual(reads(explain('person.score > $vars.least and $exists(person.phone)', person, { least: 9 })), [['person.score', 55], ['$vars.least', 9], ['person.phone', undefined]])
    assert.deepEqual(reads(explain('$sum(opportunities[isClosed = false].amount) > 5')), [['opportunities', [3, 1, { isClosed: false }]], ['opportunities[…].amount', 10]])
    assert.deepEqual(reads(explain('$exists(accounts[employees >= $vars.least])', person, { least: 5000 })), [['accounts', [1, 0, { employees: 3200 }]], ['$vars.least', 5000]])
    assert.deepEqual(reads(explain('$count(events) = 0')), [['events', [0, 0]]])
    assert.deepEqual(reads(explain('"Software" in accounts.industry')), [['accounts', [1, 1]], ['accounts.industry', 'Software']])
    assert.deepEqual(reads(explain('$exists(opportunities[amount > $$.person.score])')), [['opportunities', [3, 0, { amount: 10 }, { amount: 20 }, { amount: 5 }]], ['$$.person.score', 55]])
    assert.deepEqual(reads(explain('$exists($filter(opportunities, function($o) { $o.amount > person.score }))')), [['opportunities', [3, 3]], ['person.score', 55]])
  })

  it('shows what a condition gives when that is neither true nor false', () => {
    assert.deepEqual(explain('person.title').value, { is: 'true', result: 'VP Sales' })
    assert.deepEqual(explain('person.nickname').value, { is: 'false', result: '' })
  })

  it('says of a part that cannot be evaluated by itself why', () => {
    assert.deepEqual(explain('$random() > 2').value, { is: 'unknown', reason: '$random gives something else each time' })
  })
})
