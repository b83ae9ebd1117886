import assert from 'node:assert/strict'
import type { EntitySchema } from '../../entities/entity-schema.js'
import { person, standardEntities } from '../../entities/standard-entities.js'
import { checkCodes } from '../../kernel/codes/checks.js'
import type { JsonObject } from '../../kernel/json.js'
import { parseExpression } from '../parse.js'
import { toRootShape } from '../root-shape.js'
import { check } from './check.js'
import { rules } from './rules/index.js'

const withEnum: EntitySchema = { ...person, fields: { ...person.fields, leadStatus: { type: 'string', enum: ['Open', 'Working', 'Qualified'] } } }
const entities = { ...standardEntities, person: withEnum }
const vars: JsonObject = { min: 10, minText: '10', countries: ['DE', 'AT'], limits: { deals: 3 } }

interface Told {
  readonly code: string
  readonly at: string
  readonly help: string
}

function told(text: string, { entity = 'person', streams = false }: { readonly entity?: 'person' | 'account'; readonly streams?: boolean } = {}): readonly Told[] {
  const parsed = parseExpression(text)
  if (!parsed.ok) assert.fail(`${text}: ${parsed.problems.map((each) => each.message).join(', ')}`)
  const found = check({ tree: parsed.expression.tree, text, shape: toRootShape(entities, entity), vars, streams })
  return found.map(({ code, range, params }) => ({
    code: code.replace('expression/', ''), at: text.slice(range.from, range.to), help: (checkCodes[code].help as (params: object) => string)(params),
  }))
}

const inOneLine = (found: readonly Told[]): readonly string[] => found.map(({ code, at }) => `${code}: ${at}`)

/** An expression, and what is found in it: the code and exactly the piece that it is about. */
type Case = readonly [expression: string, ...found: readonly string[]]

const mistakes: Readonly<Record<string, readonly Case[]>> = {
  'names that are not there': [
    ['person.titel = "CEO"', 'unknown-field: titel'],
    ['person.consents.marketing.emial = "y"', 'unknown-field: emial'],
    ['person.title.short = "x"', 'unknown-field: short'],
    ['person.`titel` = "x"', 'unknown-field: `titel`'],
    ['$exists(accounts[country = person.country])', 'unknown-field: person'],
    ['$exists(accounts[indstry = "Software"])', 'unknown-field: indstry'],
    ['"Software" in accounts.indstry', 'unknown-field: indstry'],
    ['$exists(accounts.opportunities[isClosed = false])', 'unknown-field: opportunities'],
    ['$exists(campaignMemberships[campaign.nam = "Launch"])', 'unknown-field: nam'],
    ['$exists($filter(accounts, function($a) { $a.nme = "x" }))', 'unknown-field: nme'],
    ['($all := opportunities; $exists($all[stag = "Won"]))', 'unknown-field: stag'],
    ['(opportunities^(>closDate))[0].stage = "Won"', 'unknown-field: closDate'],
    ['$exists(accounts.($c := contry; $$.opportunities[accountKey = $c]))', 'unknown-field: contry'],
    ['$exists(accounts@$a.opportunities@$o[$o.accountKey = $a.key])', 'unknown-field: key'],
  ],
  'values of different types': [
    ['person.leadScore > "50"', 'different-types: person.leadScore > "50"'],
    ['"50" = person.leadScore', 'different-types: "50" = person.leadScore'],
    ['person.leadScore in [40, "50"]', 'different-types: person.leadScore in [40, "50"]'],
    ['person.title != 5 and $exists(person.title)', 'different-types: person.title != 5'],
    ['person.isCustomer = "true"', 'different-types: person.isCustomer = "true"'],
    ['person.createdDate > $millis() - 86400000', 'different-types: person.createdDate > $millis() - 86400000'],
    ['person.leadScore > $vars.minText', 'different-types: person.leadScore > $vars.minText'],
    ['person.leadScore in $vars.countries', 'different-types: person.leadScore in $vars.countries'],
    ['person.country = $vars.limits.deals', 'different-types: person.country = $vars.limits.deals'],
    ['person.consents = "y"', 'different-types: person.consents = "y"'],
    ['($f := function($x) { $x > 5 }; $f(person.title))', 'different-types: $x > 5'],
    ['$exists(accounts[employees > "50"])', 'different-types: employees > "50"'],
    ['person.isCustomer < true', 'no-order: person.isCustomer < true'],
    ['person.leadScore > null', 'no-order: person.leadScore > null'],
    ['$now() - 30 > 5', 'arithmetic-on-text: $now() - 30'],
    ['person.firstName + person.lastName = "AdaLovelace"', 'arithmetic-on-text: person.firstName + person.lastName'],
    ['-person.title > 4', 'arithmetic-on-text: -person.title'],
    ['($limit := "50"; person.leadScore > $limit)', 'different-types: person.leadScore > $limit'],
    ['$lowercase(person.leadScore) = "5"', 'wrong-argument: person.leadScore'],
    ['$contains(person.tags, "vip")', 'wrong-argument: person.tags'],
    ['person.leadScore ~> $contains("x")', 'wrong-argument: person.leadScore'],
    ['$sum(accounts.name) > 5', 'wrong-argument: accounts.name'],
    ['$max(opportunities.closeDate) > "2025-01-01"', 'wrong-argument: opportunities.closeDate'],
  ],
  'lists where one value is meant': [
    ['accounts.industry = "Software"', 'list-equality: accounts.industry = "Software"'],
    ['person.country = accounts.country', 'list-equality: person.country = accounts.country'],
    ['accounts.industry in ["Software", "Retail"]', 'list-equality: accounts.industry in ["Software", "Retail"]'],
    ['accounts.technologies = "SAP"', 'list-equality: accounts.technologies = "SAP"'],
    ['person.tags = "vip"', 'list-equality: person.tags = "vip"'],
    ['person.country = ["DE", "AT"]', 'list-equality: person.country = ["DE", "AT"]'],
    ['accounts.annualRevenue > 50000000', 'list-as-value: accounts.annualRevenue > 50000000'],
    ['accounts.annualRevenue + 5 > 10', 'list-as-value: accounts.annualRevenue + 5'],
    ['$contains(accounts.name, "Acme")', 'list-as-value: accounts.name'],
    ['accounts[tier = "A"].industry = "Software"', 'several-rows: accounts[tier = "A"].industry = "Software"'],
    ['opportunities[isClosed = false].amount > 1000', 'several-rows: opportunities[isClosed = false].amount > 1000'],
    ['$contains(accounts[tier = "A"].name, "Acme")', 'several-rows: accounts[tier = "A"].name'],
    ['$exists(accounts[employees])', 'predicate-is-number: employees'],
    ['$exists(accounts[$count(technologies)])', 'predicate-is-number: $count(technologies)'],
    ['"SAP" in accounts.technologies[0]', 'index-per-item: 0'],
  ],
  'values that cannot be': [
    ['person.leadStatus = "Quallified"', 'impossible-value: "Quallified"'],
    ['person.leadStatus in ["Open", "Lost"]', 'impossible-value: "Lost"'],
    ['$toMillis("01/02/2024") < $millis()', 'not-a-date: "01/02/2024"'],
    ['person.createdDate >= "yesterday"', 'not-a-date: "yesterday"'],
    ['person.birthDate < "1980-02-31"', 'not-a-date: "1980-02-31"'],
    ['$fromMillis($millis(), "[H01]", "+05:00") = "08"', 'bad-offset: "+05:00"'],
    ['$fromMillis($millis(), "[H01]", "Europe/Madrid") = "08"', 'bad-offset: "Europe/Madrid"'],
    ['person.createdDate <= "2024-03-31"', 'date-form: "2024-03-31"'],
    ['person.createdDate = "2024-03-31"', 'date-form: "2024-03-31"'],
    ['person.createdDate >= "2024-03-31T00:00:00+02:00"', 'date-form: "2024-03-31T00:00:00+02:00"'],
    ['$exists(opportunities[closeDate < "2025-01-01T00:00:00.000Z"])', 'date-form: "2025-01-01T00:00:00.000Z"'],
    ['$toMillis("2024-01-01T10:00:00") < $millis()', 'date-form: "2024-01-01T10:00:00"'],
  ],
  'what is missing': [
    ['person.country != "US"', 'not-equal-on-missing: person.country != "US"'],
    ['$exists(opportunities[stage != "Discovery"])', 'not-equal-on-missing: stage != "Discovery"'],
    ['$not(person.doNotEmail)', 'not-of-missing: $not(person.doNotEmail)'],
    ['$not(person.leadScore > 50)', 'not-of-missing: $not(person.leadScore > 50)'],
    ['$not(segments.customers)', 'not-of-missing: $not(segments.customers)'],
    ['$not(opportunities[isWon = true])', 'not-of-missing: $not(opportunities[isWon = true])'],
    ['$not($contains(person.title, /["\'(]\\/[)"]/)) and person.country = "DE"', 'not-of-missing: $not($contains(person.title, /["\'(]\\/[)"]/))'],
    ['$not($contains(person.email, "@gmail."))', 'not-of-missing: $not($contains(person.email, "@gmail."))'],
    ['$boolean(person.isCustomer) = false', 'not-of-missing: $boolean(person.isCustomer)'],
    ['person.title = null', 'compares-null: person.title = null'],
    ['$sum(opportunities.amount) < 1000', 'empty-aggregate: $sum(opportunities.amount) < 1000'],
    ['10 >= $max(opportunities.probability)', 'empty-aggregate: 10 >= $max(opportunities.probability)'],
    ['$sum(opportunities.amount) = 0', 'empty-aggregate: $sum(opportunities.amount) = 0'],
    ['$count(accounts.technologies[$not($ = "SAP")]) > 1', 'phantom-items: $not($ = "SAP")'],
    ['$exists(events.web[$not($exists(page))])', 'phantom-items: $not($exists(page))'],
  ],
  'conditions that are none': [
    ['person.leadScore', 'not-boolean: person.leadScore'],
    ['person.title and person.country = "DE"', 'not-boolean: person.title'],
    ['opportunities.amount', 'not-boolean: opportunities.amount'],
    ['person.consents', 'not-boolean: person.consents'],
    ['(person.country = "DE"; $count(accounts))', 'not-boolean: $count(accounts)'],
    ['$exists(opportunities[nextStep])', 'not-boolean: nextStep'],
    ['$exists(accounts)', 'always-true: $exists(accounts)'],
    ['$count(accounts) >= 0', 'always-true: $count(accounts) >= 0'],
    ['$count(accounts) < 0', 'always-false: $count(accounts) < 0'],
    ['person.title = "CEO" or "false"', 'always-true: "false"'],
    ['person.title in []', 'always-false: person.title in []'],
    ['person.country = "US" and person.country = "DE"', 'always-false: person.country = "DE"'],
    ['person.country in ["US", "CA"] and (person.leadScore > 5 and person.country = "DE")', 'always-false: person.country = "DE"'],
    ['person.leadScore > 50 and person.leadScore < 30', 'always-false: person.leadScore < 30'],
    ['$exists(opportunities[$exists(stage) and (stage != "Won" or stage != "Lost")])', 'always-true: stage != "Won" or stage != "Lost"'],
    ['0 < person.leadScore ?? 5', 'default-precedence: 0 < person.leadScore ?? 5'],
    ['person.isCustomer ?? person.emailInvalid and person.unsubscribed = true', 'default-precedence: person.isCustomer ?? person.emailInvalid and person.unsubscribed = true'],
    ['$contains(person.title, /chief/i) ?: true', 'default-of-function: $contains(person.title, /chief/i)'],
  ],
  'what is slow, or a matter of chance': [
    ['(events^(>timestamp))[0].eventType = "product.login"', 'costly-order: ^(>timestamp)'],
    ['$count($distinct(events.web.page)) >= 5', 'costly-order: $distinct(events.web.page)'],
    ['$count(*) > 5', 'reads-everything: *'],
    ['$exists(**.email)', 'reads-everything: **'],
    ['$random() < 0.5', 'random: $random()'],
    ['$single(accounts, function($a) { $a.relation.isPrimary }).tier = "A"', 'single-may-fail: $single(accounts, function($a) { $a.relation.isPrimary })'],
    ['accounts[0] = accounts[1]', 'object-equality: accounts[0] = accounts[1]'],
    ['person.leadScore / 3 = 2.5', 'float-equality: person.leadScore / 3 = 2.5'],
    ['$average(opportunities.amount) = 10', 'float-equality: $average(opportunities.amount) = 10'],
  ],
}

/** As marketers write them, and right: nothing is said. */
const silent: readonly string[] = [
  'true',
  'person.seniority in ["C-Level","VP","Director"] and person.department = "Marketing" and person.country in ["DE","AT","CH","GB"]',
  'person.leadScore >= 70 and person.consents.marketing.email = "y" and $not(person.unsubscribed = true)',
  '$exists(person.email) and $not($contains(person.email, /@(gmail|yahoo|hotmail)\\./i))',
  '$type(person.email) = "string" and $not($lowercase($substringAfter(person.email, "@")) in ["gmail.com", "example.com"])',
  '$contains(person.title, /\\b(S?VP|Vice President|Manager)\\b/)',
  'person.title ? $contains($lowercase(person.title), "manager") : false',
  '$not(person.isCustomer = true)',
  'person.isCustomer = false',
  '"newsletter" in person.tags',
  'person.tags = ["vip"]',
  '(person.scores.fit * 100 + person.scores.engagement) / 2 > 60',
  '(person.leadScore ?? 0) <= 22',
  'person.leadScore > 5 ?? false',
  'person.custom.nps > 8 and person.custom.preferredChannel in ["email", "phone"]',
  '$exists(person.birthDate) and $floor(($millis() - $toMillis(person.birthDate)) / 31557600000) >= 50',
  '$toMillis(person.createdDate) > $millis() - 365 * 86400000 and $exists(person.tags) and $count(person.tags) = 0',
  '$substring(person.createdDate, 5, 2) = $fromMillis($millis(), "[M01]")',
  '$uppercase(person.lastName) in ["WEISS", "STRASSE", "MÜLLER"] or $length(person.firstName) = 3',
  'person.custom.identities[$count($$.person.custom.identities) - 1].namespace = "ECID"',
  'person.createdDate > $daysAgo(30) and person.createdDate >= "2024" and person.createdDate < "2024-06-01"',
  'person.country in $vars.countries and person.leadScore >= $vars.min and $count(opportunities) < $vars.limits.deals',
  '$exists(person.country) and person.country != "US"',
  'person.country != "US" and person.country in ["US", "CA"]',
  '$not($exists(person.country)) or person.country != "US"',
  '$exists(person.country) ? person.country != "US" : true',
  'person.title != "" and person.country != null',
  '$boolean(person.isCustomer)',
  '-person.leadScore < -50 and person.leadScore % 2 = 0 and person.leadScore * 2 = 80',
  'person.firstName & " " & person.lastName = "Ada Lovelace"',
  '($from := 40; $to := 60; $strict := false; person.leadScore > $from and person.leadScore < $to and ($strict or $exists(person.email)) and $from < $to)',
  '($even := function($n) { $n = 0 ? true : $n = 1 ? false : $even($n - 2) }; $even(person.scores.fit))',
  '$count($sift(person, function($v, $k) { $contains($k, "email") })) > 0',
  'segments.`hot-leads` and $not(segments.customers = true) and $lookup(segments, "warm") = true',
  '$count(events[eventType = "web.pageView" and $contains(web.url, "/pricing") and $toMillis(timestamp) >= $millis() - 30 * 86400000]) >= 2',
  '$exists(events[eventType = "email.click" and timestamp >= $fromMillis($millis() - 14 * 86400000)])',
  '$count(events[$toMillis(timestamp) > $millis() - 60 * 86400000]) = 0',
  '$exists($filter(events, function($e) { $e.timestamp > $daysAgo(2) }))',
  '($recent := events[timestamp > $daysAgo(30)]; $count($recent[eventType = "email.open"]) > $count($recent[eventType = "email.click"]))',
  '($e := events; $exists($e[timestamp > $daysAgo(3)]))',
  '$count($distinct(events[$toMillis(timestamp) > $millis() - 90 * 86400000].$substring(timestamp, 0, 10))) >= 5',
  '$exists(events[timestamp > $daysAgo(30) and $fromMillis($toMillis(timestamp), "[F0]") in ["6", "7"]])',
  '($sent := $count(events[eventType = "email.sent" and timestamp > $daysAgo(90)]); $open := $count(events[eventType = "email.open" and timestamp > $daysAgo(90)]); $sent > 0 and $open / $sent >= 0.5)',
]

/** Right as well, and evaluated in batch: they read more than the person and recent events. */
const silentInBatch: readonly string[] = [
  '$exists(events[eventType = "email.open"].($o := $toMillis(timestamp); $$.events[eventType = "web.pageView" and $toMillis(timestamp) > $o and $toMillis(timestamp) <= $o + 7 * 86400000]))',
  '$sum(events[eventType = "web.pageView" and timestamp >= "2025-04-01T00:00:00.000Z"].properties.seconds) > 1200',
  'events[eventType = "form.submit" and $number(form.fields.budget) >= 20000]',
  'events[-1].eventType = "web.pageView"',
  'accounts[industry = "Software" and annualRevenue > 10000000]',
  '"Software" in accounts.industry',
  '$max(accounts[$type(annualRevenue) = "number"].annualRevenue) > 50000000',
  '$count(accounts) > 1 and $count($distinct(accounts.country)) = 1',
  '$distinct(accounts.country) = "DE"',
  'accounts[employees >= 1000 and employees < 5000 or isTarget = true]',
  'accounts[relation.isPrimary = true].industry = "Software"',
  'accounts[0].industry = "Software" and (accounts.technologies)[0] = "SAP"',
  '$exists(accounts.technologies[$ in ["Snowflake", "Databricks"]].%[industry in ["Software", "Retail"]])',
  '$exists(accounts[country = $$.person.country])',
  '$sum(opportunities[isClosed = false].amount) >= 60000',
  '($sum(opportunities.amount) ?? 0) < 1000',
  '$count(opportunities) > 0 and $sum(opportunities.amount) < 1000',
  '$exists(opportunities[isWon and closeDate >= $fromMillis($millis() - 365 * 86400000, "[Y0001]-[M01]-[D01]")])',
  '$exists(opportunityRoles[role in ["Decision Maker", "Champion"]].($k := opportunityKey; $$.opportunities[opportunityKey = $k and isClosed = false]))',
  '$sort(opportunities, function($l, $r) { $l.createdDate < $r.createdDate })[0].stage in ["Proposal", "Negotiation", "Closed Won"]',
  '(opportunities^(>closeDate))[0].amount > 5000',
  '$count(opportunities[isWon]) / $count(opportunities) > 1 / 3',
  '$sum(opportunities.(amount * probability / 100)) > 30000',
  '$sum($map(opportunities, function($o) { $o.amount * 2 })) > 5000',
  '$reduce(opportunities.amount, function($a, $b) { $a + $b }) > 5000',
  '$max($each(opportunities[$type(amount) = "number"]{accountKey: $sum(amount)}, function($v) { $v })) > 100000',
  '$exists(accounts@$a.opportunities@$o[$o.accountKey = $a.accountKey and $a.industry in ["Manufacturing", "Healthcare"] and $o.isClosed = false])',
  '"Attended" in campaignMemberships[campaignType = "Webinar"].status and $count(opportunities) = 0',
  '$exists(listMemberships[listName = "Newsletter EU"]) and $not($exists(listMemberships[listName = "Do not call"]))',
  '$exists(campaignMemberships[hasResponded and $toMillis(firstRespondedDate) > $millis() - 120 * 86400000])',
  '$exists(campaignMemberships[$contains(campaignName, /webinar|summit/i)]) and ($count(accounts) = 0 ? person.leadScore > 50 : $exists(accounts[tier = "A"]))',
  '($mine := opportunityRoles[role = "Decision Maker"].opportunityKey; $exists(opportunities[isClosed = false and opportunityKey in $mine]))',
  '$exists(opportunities[isWon = true]) and $count(events[timestamp > $daysAgo(60)]) = 0',
  '$exists(accounts[employees >= $vars.min]) and $not($exists(accounts[$not(country in $vars.countries)]))',
]

describe('checks of an expression', () => {
  for (const [what, cases] of Object.entries(mistakes)) {
    describe(what, () => {
      for (const [expression, ...found] of cases) it(`${expression} → ${found.map((each) => each.split(':')[0] ?? '').join(', ')}`, () => { assert.deepEqual(inOneLine(told(expression)), found) })
    })
  }

  describe('nothing is said', () => {
    for (const each of silent) it(each, () => { assert.deepEqual(inOneLine(told(each, { streams: true })), []) })
    for (const each of silentInBatch) it(each, () => { assert.deepEqual(inOneLine(told(each)), []) })
  })

  it('every rule has a case that fires it, and its code has a text', () => {
    const fired = new Set([...Object.values(mistakes).flat().flatMap(([, ...found]) => found.map((each) => each.split(':')[0])), 'unbounded-events'])
    assert.deepEqual(rules.map((each) => each.code.replace('expression/', '')).filter((each) => !fired.has(each)), [])
    assert.deepEqual(rules.map((each) => each.code).sort(), Object.keys(checkCodes).sort())
  })

  it('wants a time window of events in a streaming segment only', () => {
    const expression = '$count(events[eventType = "web.pageView"]) > 2'
    assert.deepEqual(inOneLine(told(expression, { streams: true })), ['unbounded-events: events'])
    assert.deepEqual(inOneLine(told('$exists(events[timestamp < $daysAgo(3)])', { streams: true })), ['unbounded-events: events'])
    assert.deepEqual(told(expression), [])
  })

  it('knows what an account sees', () => {
    assert.deepEqual(inOneLine(told('account.emplyees > 10 and $exists(people[titel = "CEO"]) and parent.industry = "Software"', { entity: 'account' })), ['unknown-field: emplyees', 'unknown-field: titel'])
  })

  it('tells one mistake once, however often its place is passed', () => {
    assert.deepEqual(inOneLine(told('$exists($filter(accounts, function($a) { $a.nme = "x" and $a.nme = "y" }))')), ['unknown-field: nme', 'unknown-field: nme'])
  })

  it('ends for functions that call themselves without end', () => {
    assert.deepEqual(told('($y := function($f) { function($x) { $x($x) }(function($g) { $f(function($a) { $g($g)($a) }) }) }; $y(function($f) { function($n) { $n < 2 ? 1 : $n * $f($n - 1) } })(6) = 720)'), [])
  })

  it('says what to write instead', () => {
    const helps = [
      'accounts.industry = "Software"', 'accounts.technologies = "SAP"', 'accounts.annualRevenue > 5', '$contains(accounts.name, "Acme")', 'person.leadScore > "50"', '$exists(accounts[country = person.country])',
      '$max(opportunities.closeDate) > "2025"', '$not(segments.customers)', '$not(person.leadScore > 50)', 'person.createdDate <= "2024-12-31"', '0 < person.leadScore ?? 5', '$exists(accounts.opportunities)',
    ].map((each) => told(each)[0]?.help)
    assert.deepEqual(helps, [
      'Write "Software" in accounts.industry, or $exists(accounts[industry = "Software"]).',
      'Write "SAP" in accounts.technologies, or $exists(accounts["SAP" in technologies]).',
      'Write $exists(accounts[annualRevenue > 5]), or $max(accounts.annualRevenue) > 5.',
      'Ask each row: $exists(accounts[$contains(name, "Acme")]).',
      'Write 50 without quotes.',
      'Inside [ ] names mean the item; write $$.person.country.',
      'Sort instead, (opportunities^(>closeDate))[0].closeDate, or take milliseconds: $max(opportunities.$toMillis(closeDate)).',
      'Write $not(segments.customers = true) to include them.',
      'To include them add: or $not($exists(person.leadScore)).',
      'Write < "2025-01-01".',
      'Parenthesise the default: (person.leadScore ?? 5).',
      'opportunities is not inside accounts; it stands beside it: $$.opportunities.',
    ])
  })
})
