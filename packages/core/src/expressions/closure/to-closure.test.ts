import assert from 'node:assert/strict'
import type { Json } from '../../kernel/json.js'
import type { Expression, Outcome } from '../expression.js'
import { toVerdict } from '../is-true.js'
import { parseExpression } from '../parse.js'
import { toFast } from './fast/to-fast.js'
import { toBaseFrame } from './library.js'
import { asTree } from './tree-node.js'

const nowMs = Date.parse('2025-06-30T12:00:00.000Z')
const bindings = { nowMs, vars: { min: 2, names: ['a', 'b'] } }

/** One fact for each way in which paths, lists and missing values can surprise. */
const expressions: readonly string[] = [
  // fields and lists
  'a', 'a.b', 'a.b.c', 'a.b.c.d', '$', '$.a', '$$.a.b', 'a[]', 'a.b[]', '`constructor`', 'toString', 'a.__proto__', 'a.length', '*', 'a.*', '**', '**.x', '*.b', 'a."b"',
  'x', 'x.y', 'list', 'list.x', 'list.x.y', 'list.tags', 'list.tags[0]', '(list.tags)[0]', 'list[0]', 'list[-1]', 'list[0].x', 'list[1][0]', 'list[[0, 1]]', 'list[[0, 0]].x', 'list[[]]', 'list[1.7]', 'list[n]', 'list[$$.n]', 'list[$$.n].x',
  'list[x]', 'list[x > 1]', 'list[x > 1].y', 'list[x > 1][0]', 'list[x > 1][-1].y', 'list[x > 1][y = "p"]', 'list[y = "p"][x > 1]', 'list[x > 1][$$.n]', 'list.x[$ > 1]', 'list.tags[$ = "t"]', 'list.tags[$not($ = "t")]', 'list[tags]', 'list[tags = "t"]', 'list["t" in tags]',
  'x[true]', 'x[false]', 'x[0]', 'x[1]', 'x[$ = 1]', 'nothing[x = 1]', 'nothing[$not(x = 1)]', 'list.nothing[$not(x = 1)]', 'list.nothing[true]', 'nothing[0]', 'list.(x)', 'list.(x; y)', 'list.(x + 1)', 'list.[x, y]', 'list.{"k": x}', '[list.x]', '[list.x, [list.y]]', '[1..3]', '[1..n]', '[]',
  // operators
  'x = 1', 'x != 1', 'x = nothing', 'nothing != 1', 'list.x = 1', 'list = list', 'a = a', 'a != a', 'list.tags = ["t"]', 'x = true', 'null = nil', 'nil', 'nil.x', 'nil = x', 'x < 2', 'x <= "2"', 'y > "a"', 'y > x', 'nil > 1', 'nothing > 1', '1 > nothing', 'list.x > 1', 'a > 1', 'true > 1', 'nothing > "a"', 'nothing > nothing', 'x + 1', 'x - nothing', 'x * y', 'x / 0', '(x / 0) > 1', '(x / 0) + 1', 'x % 2', '-x', '-y', '-nothing', 'x & y', 'nil & nothing & a', 'list.x & "z"',
  '1 in list.x', '"t" in list.tags', '"t" in tags', 'x in [1, 2]', 'x in [1, "a", nil]', 'nil in [null]', 'nothing in [1]', 'x in nothing', 'x in x', 'a in [a]', 'x in [1, 2, 3, 4, 5, 6, 7, 8, 9]', 'y in "p"', 'nested in nested', '1 in nested',
  'x and y', 'x or nothing', 'nothing and (1 + y)', 'x and (1 + y)', 'nil or nil', '$not(x)', '$not(nothing)', '$not(nil)', '$not(list)', '$not(nothing > 1)', '$boolean(list)', '$boolean(nested)', '$boolean(nothing)', '$boolean([nothing])', 'x ? y : a', 'nothing ? 1', 'x > 5 ? y : nothing', 'nothing ?? 5', 'nil ?? 5', 'x ?? 5', 'list.nothing ?? "d"', 'nil ?: 5', 'x ?: 5', 'list ?: 5', 'empty ?: 1', 'empty ?? 1',
  // functions on lists
  '$count(list)', '$count(list.x)', '$count(list.tags)', '$count(nothing)', '$count(nil)', '$count(empty)', '$count(nested)', '$count(list[x > 1])', '$count(nothing[$not(x)])', '$count(list.nothing[$not(x = 1)])', '$count(list.empty)', '$exists(list)', '$exists(empty)', '$exists(list.empty)', '$exists(list[x > 9])', '$exists(nothing[$not(x = 1)])', '$exists(list.nothing[$not(x = 1)])', '$exists(nil)', '$exists(list.tags[$ = "t"])', '$exists(list[0].tags)',
  '$sum(list.x)', '$sum(list[x > 1].x)', '$sum(list.y)', '$sum(empty)', '$sum(nothing)', '$sum(list.tags)', '$sum(list.nothing)', '$sum(x)', '$sum(nil)', '$max(list.x)', '$min(list.x)', '$average(list.x)', '$max(empty)', '$max(list.empty)', '$max(nested)', '$distinct(list.tags)', '$count($distinct(list.tags))', '$count($distinct(list.x))', '$count($distinct(list))', '$count($distinct(nothing))', '$distinct(nested)', '$distinct([1, 1])', '$distinct(list.nil)',
  '$append(list.x, 9)', '$reverse(list.x)', '$sort(list.x)', '$sort(list.y)', '$sort(list, function($l, $r) { $l.x > $r.x })', '$sort(list, function($l, $r) { $l.x < $r.x }).x', '$sort(list, function($l, $r) { $r.x < $l.x })[0].x', '$sort(list, function($l, $r) { $l.nothing < $r.nothing }).x', '$sort(mixed)', '$sort(mixed, function($l, $r) { $l > $r })', '$sort(x)', '$zip(list.x, list.y)', '$join(list.y)', '$join(list.y, "-")', '$join(list.x)',
  'list^(x)', 'list^(>x).y', 'list^(<y, >x).x', '(list^(>x))[0].y', '(list^(x))[0]', '(list^(x))[-1].x', 'list^(x)[0].y', 'list^(nothing).x', 'list^(nil)', 'mixed^($)', '(mixed^($))[0]', 'list^($string(x)).x', 'x^($)', '(nothing^(x))[0]', '(nested^($))[0]', 'list[x > 1]^(>x).y', '$count(list^(x))',
  '$map(list, function($v) { $v.x })', '$map(list.x, function($v, $i, $a) { $v + $i + $count($a) })', '$map(x, function($v) { $v + 1 })', '$map(nothing, function($v) { 1 })', '$filter(list, function($v) { $v.x > 1 }).y', '$filter(list, function($v, $i) { $i = 1 })', '$filter(x, function($v) { $v })', '$filter(list, function($v) { $v.y })', '$reduce(list.x, function($a, $b) { $a + $b })', '$reduce(list.x, function($a, $b) { $a + $b }, 10)', '$reduce(list.x, function($a) { $a })', '$reduce(nothing, function($a, $b) { 1 })', '$reduce(list.y, function($a, $b) { $a + $b })', '$single(list, function($v) { $v.x = 1 }).y', '$single(list, function($v) { $v.x > 0 })', '$each(a, function($v, $k) { $k })', '$each(list, function($v) { 1 })', '$sift(a, function($v, $k) { $k = "b" })', '$map(list.y, $uppercase)', '$map(list, $string)', '$map(list.tags, $count)',
  '$keys(a)', '$keys(list)', '$lookup(a, "b")', '$lookup(list, "x")', '$spread(a)', '$merge(list)', '$merge([a, {"z": 1}])', '$type(x)', '$type(list)', '$type(nothing)', '$type(nil)', '$string(list)', '$string(nil)', '$string()', '$number(s)', '$number(y)', '$number(nil)', '$number(nothing)', '$floor(x)', '$round(2.5)', '$abs(-x)', '$power(x, 2)', '$sqrt(-1)',
  // texts and times
  '$contains(y, "p")', '$contains(y, /P/i)', '$contains(nil, "p")', '$contains(nothing, "p")', '$contains(x, /p/)', '$contains(list.y, "p")', 'y.$contains("p")', '$lowercase(y)', '$uppercase(nothing)', '$uppercase(nil)', 'list.$uppercase(y)', '$length(smile)', '$substring(smile, 1)', '$substring(smile, -1, 1)', '$substring(y, 0, 10)', '$substring(t, 0, 10)', '$substring(y, 0)', '$substringBefore(t, "T")', '$substringAfter(t, "T")', '$substringAfter(y, "zz")', '$trim("  a  b ")', '$pad(y, 5, "#")', '$pad(y, -5)', '$split(t, "-")', '$split(t, /-/)[0]', '$match(t, /\\d+/).match', '$replace(y, "p", "q")', '$replace(t, /(\\d+)-(\\d+)/, "$2/$1")',
  '$toMillis(t)', '$toMillis(day)', '$toMillis("2024-02-30")', '$toMillis("2024-13-01")', '$toMillis(y)', '$toMillis(nil)', '$toMillis(nothing)', '$toMillis(t) > $millis() - 30 * 86400000', '$fromMillis($millis())', '$fromMillis($millis() - 86400000, "[Y0001]-[M01]-[D01]")', '$fromMillis($toMillis(t), "[F0]")', 'list.$toMillis(t)', 'list[$toMillis(t) > 0].x', '$now()', '$daysAgo(1)', '$hoursAgo(x)', 't > $daysAgo(3650)',
  // variables, functions, blocks
  '($x := x; $x + 1)', '($x := list; $x[0].x)', '($x := list; $count($x.x))', '($x := list[x > 1]; $sum($x.x))', '($x := 1; ($x := 2; $y := $x); $x)', '($f := function($n) { $n > 0 ? $f($n - 1) : "done" }; $f(5))', '($f := function($n) { $n > 1 ? $n * $f($n - 1) : 1 }; $f(10))', '($f := $uppercase; $f(y))', '$vars.min', 'list[x >= $vars.min].x', '"a" in $vars.names', '(x; y)', '()', '($x := x) + $x', 'list.($x := x; $$.list[x = $x].y)', '$exists(list.($k := x; $$.list[x = $k and y]))', '$count(list.($k := x; $$.list[x >= $k]))', 'list.($k := x; $$.nested)',
  'x ~> $string()', 'list.y ~> $join("-")', '($g := $uppercase ~> $lowercase; $g(y))', '$substring(?, 0, 1)(y)', '$map(list.y, $substring(?, 0, 1))', 'list ~> |$|{"z": 1}|', '$eval("x + 1")', '$eval("nope(")', '$error("no")', '$assert(x = 2, "no")', 'y.x.z', 'a.($.b)', 'list.($count($))', 'list#$i[$i = 1].x', 'list#$i.($i & y)', 'list@$l.(x + $l.x)', 'list@$l.other@$o[$o.x = $l.x].{"y": $l.y, "z": $o.z}', '$exists(list@$l.other@$o[$o.x = $l.x and $o.z > 1])', '$count(list@$l.other@$o[$o.x = $l.x])', 'list.tags.%.x', 'list.tags[$ = "t"].%.y', '$exists(list.tags[$ = "t"].%[x > 1])', 'a.b.%.%.x', 'list.x[% .y = "p"]', 'list@$l#$i[$i > 0].x',
  'list{y: x}', 'list{y: $sum(x)}', 'list{y: $count($)}', 'list{x: y}', 'list{nothing: x}', 'nothing{"k": 1}', 'empty{"k": 1}', 'list[x > 1]{y: $sum(x)}', '{"a": x, "b": nothing, "1": y}', '{"a": list.x, "a2": {"b": nil}}', '{y: x, "p": y}', '$each(list{y: $sum(x)}, function($v, $k) { $v })', '$max($each(list{y: $sum(x)}, function($v) { $v }))', '{"a": list[x = 1].x[]}.a', '{"a": list.x}.a[0]', '($o := {"a": list.x}; $count($o.a))',
]

const documents: readonly Json[] = [
  { x: 1, y: 'p', s: '12', n: 1, nil: null, a: { b: { c: { d: 5 } } }, list: [{ x: 1, y: 'p', tags: ['t'], t: '2025-06-01T00:00:00.000Z' }, { x: 2, y: 'q', tags: [], t: '2025-06-02' }, { x: 3, y: 'p', tags: ['t', 'u'] }], other: [{ x: 1, z: 1 }, { x: 2, z: 2 }], empty: [], tags: ['t'], nested: [[1, 2], [3]], mixed: [2, 'a', 1], smile: '😀b', t: '2025-06-29T10:00:00.000Z', day: '2024-02-29' },
  { x: 0, y: '', list: { x: 2, y: 'p', tags: 't', empty: [] }, a: [{ b: [{ c: 1 }, { c: [2, 3] }] }], nested: [[1]], n: -1, other: { x: 2, z: 5 }, tags: 't', t: 'x' },
  { list: [{ x: null, y: null, tags: [['t']] }, { x: 'a', empty: [] }, 5, null, [{ x: 7, y: 'p' }], 'text'], a: 'text', x: [1], y: ['p'], n: [0, 1], nested: [[['t']]], empty: {} },
  { list: [{ x: 4, y: 'r', tags: ['t'] }], x: 1e300, y: 'p', a: { b: [] }, empty: [[]] },
  { x: Infinity, list: [{ x: NaN, y: 'p' }, { x: Infinity, y: 'q' }], y: 5 },
  {}, [], [1, 2], [{ x: 1, list: [{ x: 1 }] }, { x: 2 }], null, 'text', 7,
]

describe('closures', () => {
  it('are generated code, but for lists as steps', () => {
    const without = expressions.filter((text) => toFast(asTree(parsed(text).tree), toBaseFrame({}), new Set())?.value() === undefined)
    assert.deepEqual(without, ['list.[x, y]'])
  })

  for (const text of expressions) {
    it(`say what the reference says: ${text}`, async () => {
      const expression = parsed(text)
      // Where a transform fails the reference tells the place of whatever call of $clone came last, in any expression of the process.
      const shownOf = text.includes('~> |') ? (outcome: Outcome): unknown => (outcome.ok ? shown(outcome) : outcome.code) : shown
      for (const document of documents) {
        const wanted = await expression.reference(document, bindings)
        const frozen = deeplyFrozen(structuredClone(document))
        if (expression.evaluatedBy === 'closure') assert.deepEqual(shownOf(await expression.evaluate(frozen, bindings)), shownOf(wanted), JSON.stringify(document))
        assert.deepEqual(await expression.matches(frozen, bindings), verdictOf(wanted), `as a condition: ${JSON.stringify(document)}`)
      }
    })
  }
})

function parsed(text: string): Expression {
  const found = parseExpression(text)
  assert.ok(found.ok, JSON.stringify(found))
  return found.expression
}

function shown(outcome: Outcome): unknown {
  if (!outcome.ok && outcome.code === 'D9001') return { code: outcome.code }
  return outcome.ok ? { value: outcome.value } : { code: outcome.code, token: outcome.failure?.token, position: outcome.failure?.position }
}

function verdictOf(outcome: Outcome): boolean | string {
  const verdict = toVerdict(outcome)
  return verdict.is === 'error' ? verdict.code : verdict.is === 'in'
}

function deeplyFrozen(value: Json): Json {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) deeplyFrozen(each)
  return Object.freeze(value)
}
