import assert from 'node:assert/strict'
import type { Json } from '../kernel/json.js'
import type { Outcome, Reads } from './expression.js'
import { isTrue, toVerdict } from './is-true.js'
import { type ParseOptions, parseExpression } from './parse.js'

const nowMs = Date.parse('2026-11-23T06:00:00.000Z')

async function evaluate(text: string, document: Json = {}, options: ParseOptions = {}): Promise<Outcome> {
  const parsed = parseExpression(text, options)
  assert.ok(parsed.ok, text)
  return parsed.expression.evaluate(document, { nowMs, vars: { min: 10 } })
}

function problems(text: string): readonly (readonly [string, string])[] {
  const parsed = parseExpression(text)
  return parsed.ok ? [] : parsed.problems.map((each) => [each.code, text.slice(each.range.from, each.range.to)])
}

function reads(text: string): Reads {
  const parsed = parseExpression(text)
  assert.ok(parsed.ok, text)
  return parsed.expression.reads
}

const names = (list: Reads['roots']): readonly string[] => list.map((each) => each.name)

describe('parseExpression', () => {
  it('points at what is wrong in the text', () => {
    assert.deepEqual(problems('person.title = = "CEO"'), [['S0211', '=']])
    assert.deepEqual(problems('$cuont(events) > 1 and $lmit'), [['unknown-function', '$cuont'], ['unknown-variable', '$lmit']])
    assert.deepEqual(problems('$contains(person.title, /(?=x)/)'), [['regex-unsupported', '/(?=x)/']])
    assert.deepEqual(problems(' '), [['S0207', '']])
  })

  it('says in plain words what is wrong, and knows the operators of other languages', () => {
    const messages = (text: string): readonly (readonly [string, string])[] => {
      const parsed = parseExpression(text)
      return parsed.ok ? [] : parsed.problems.map((each) => [each.message, text.slice(each.range.from, each.range.to)])
    }
    assert.deepEqual(['a == 1', 'a && b', 'a || b', '!a', 'a b', 'a and (b or', 'count(events) > 1', '$contains(a, /(?=x)/)'].flatMap(messages), [
      ['JSONata has no ==; write =', '=='], ['JSONata has no &&; write and', '&&'], ['JSONata has no ||; write or', '||'], ['JSONata has no !; write $not(…)', '!'],
      ['Did not expect "b" here; an operator may be missing before it', 'b'], ['Expected ")" before end of expression', ''],
      ['count is a field here; the function is $count', 'count'], ['Not supported: `(?=`', '/(?=x)/'],
    ])
  })

  it('refuses what is nested so deeply that walking it would overflow', () => {
    const chain = (length: number): string => Array.from({ length }, (_, index) => `a = ${String(index)}`).join(' or ')
    assert.deepEqual([problems(chain(400)), problems(chain(1000)).map(([code]) => code), problems(chain(20_000)).map(([code]) => code)], [[], ['too-deep'], ['too-deep']])
  })

  it('knows names that the expression binds itself', () => {
    assert.deepEqual(problems('($f := function($x){ $x > 1 }; accounts@$a.opportunities#$i[$i > 1 and $f($a.n)])'), [])
  })
})

describe('reads', () => {
  it('are the names at the root, not those inside a predicate', () => {
    assert.deepEqual(names(reads('$count(opportunities[stage = "Open" and $$.person.country = country]) > 1').roots), ['opportunities', 'person'])
  })

  it('are everything where the expression takes the whole document', () => {
    assert.deepEqual(names(reads('$count(*) > 1').roots), ['*'])
    assert.deepEqual(names(reads('$keys($$)').roots), ['*'])
  })

  it('tell variables, other segments and the clock', () => {
    const found = reads('segments.`hot-leads` and $lookup(segments, "cold") and person.score > $vars.min and events[timestamp > $daysAgo(7)]')
    assert.deepEqual([names(found.segments), names(found.vars), found.usesClock], [['hot-leads', 'cold'], ['min'], true])
  })

  it('have the place of the name in the text', () => {
    const text = 'person.title = "x" and accounts.name = "y"'
    assert.deepEqual(reads(text).roots.map((each) => text.slice(each.range.from, each.range.to)), ['person', 'accounts'])
  })
})

describe('evaluate', () => {
  it('sees the clock and the variables that it is given', async () => {
    assert.deepEqual(await evaluate('[$now(), $millis(), $daysAgo(1), $hoursAgo(2), $vars.min, $now("[Y]")]'), {
      ok: true, value: ['2026-11-23T06:00:00.000Z', nowMs, '2026-11-22T06:00:00.000Z', '2026-11-23T04:00:00.000Z', 10, '2026'],
    })
  })

  it('gives JSONata codes for what fails on a document', async () => {
    const outcome = await evaluate('person.score > 5', { person: { score: null } })
    assert.deepEqual([outcome.ok, outcome.ok ? '' : outcome.code], [false, 'T2010'])
  })

  it('ends a deep recursion, an endless loop and a catastrophic pattern by itself', async () => {
    const codes = await Promise.all(['($f := function($n){ $f($n + 1) + 1 }; $f(1))', '($f := function(){ $f() }; $f())'].map((each) => evaluate(each)))
    assert.deepEqual(codes.map((each) => (each.ok ? '' : each.code)), ['D1011', 'D1012'])
    assert.deepEqual(await evaluate('$contains(text, /^(a+)+$/)', { text: `${'a'.repeat(5000)}b` }), { ok: true, value: false })
  })

  it('leaves its input as it was', async () => {
    const document = Object.freeze({ tags: Object.freeze(['a']), rows: Object.freeze([{ k: 'x', v: 1 }]) })
    assert.deepEqual(await evaluate('[tags[], rows{k: $sum(v)}]', document), { ok: true, value: ['a', { x: 1 }] })
    assert.deepEqual(document, { tags: ['a'], rows: [{ k: 'x', v: 1 }] })
    assert.deepEqual(await evaluate('{"none": true}', Object.freeze([])), { ok: true, value: { none: true } })
  })

  it('matches with regular expressions as JavaScript does, groups and all', async () => {
    assert.deepEqual(await evaluate('$match(text, /([a-z]+)@([a-z]+)/i).groups', { text: 'Ada@Acme bob@ibm' }), { ok: true, value: ['Ada', 'Acme', 'bob', 'ibm'] })
    assert.deepEqual(await evaluate('$replace(text, /\\s+/, "-")', { text: 'a  b c' }), { ok: true, value: 'a-b-c' })
  })

  it('takes a pattern by its meaning in JavaScript where RE2 has another', async () => {
    const found = (pattern: string, text: string): Promise<Outcome> => evaluate(`$match(text, ${pattern}).match`, { text })
    const matches = await Promise.all([
      found('/a\\s[\\s]b/', 'a\u00a0\u2028b'), found('/^\\S+/', 'ab\u00a0c'), found('/[^\\S]+/', 'ab\u00a0 c'), found('/a.b/', 'a\rb'), found('/\\u00e9/', 'é'), found('/[^]+/', 'x\ny'), found('/[[:a]]+/', 'xa]'), found('/\\Ax/', 'Ax'),
    ])
    assert.deepEqual(matches.map((each) => (each.ok ? each.value : each.code)), ['a\u00a0\u2028b', 'ab', '\u00a0 ', undefined, 'é', 'x\ny', 'a]', 'Ax'])
  })

  it('calls the functions that it is lent', async () => {
    assert.deepEqual(await evaluate('$twice(n)', { n: 4 }, { functions: { twice: (n) => Number(n) * 2 } }), { ok: true, value: 8 })
  })
})

describe('isTrue', () => {
  it('casts as $boolean does', () => {
    const truths: readonly Json[] = [true, 1, -1, 'x', 'false', ['', 0, 'x'], { a: null }, [[1]]]
    const lies: readonly (Json | undefined)[] = [undefined, null, false, 0, '', [], {}, [0], ['', []], [[]]]
    assert.deepEqual(truths.map(isTrue), truths.map(() => true))
    assert.deepEqual(lies.map(isTrue), lies.map(() => false))
    assert.deepEqual(toVerdict({ ok: true, value: Number.POSITIVE_INFINITY }), { is: 'error', code: 'D1001' })
  })
})
