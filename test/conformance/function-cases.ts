// The case table of the library functions: it binds all evaluators, and says in words what the store cannot do.
// A case is a condition of a segment; where it stands says who decides it in the store.

export interface FunctionCases {
  /** The store decides every profile. */
  readonly sql?: readonly string[]
  /** The store decides, and leaves to the closure the profiles of which it is not sure. */
  readonly guarded?: { readonly where: string; readonly cases: readonly string[] }
  readonly closure?: ClosureCases
}

export interface ClosureCases {
  readonly because: string
  /** The closure decides every profile. */
  readonly cases: readonly string[]
  /** The closure decides those that the rest of the condition leaves open. */
  readonly beside?: readonly string[]
}

const ofSums = 'of sums and averages, which move with the order of adding up'
const nearSum = 'the result is so near the other side that the order of adding up decides'
const ofLists = 'the store counts, adds up and filters lists, but has none as a value'
const ofNames = 'the names of fields are columns in the store, not values'
const pictures = 'pictures of numbers are JSONata\'s own'
const encodings = 'what stays as it is, and what cannot be encoded, is JavaScript\'s own'
const ofLowered = 'of text in lower case, which the store has only for comparing'

/** By the name of the function. */
export const functionCases: Readonly<Record<string, FunctionCases>> = {
  abs: {
    sql: ['$abs(person.leadScore) > 50', '$count(events[$abs(scoreChange) >= 10]) > 1', '$abs(person.custom.nps) > 5'],
    closure: { because: ofSums, cases: ['$abs($sum(events.scoreChange)) > 10'] },
  },
  append: { closure: { because: ofLists, cases: ['$count($append(person.tags, accounts.technologies)) > 3', '"SAP" in $append(person.tags, accounts.technologies)', '$append(person.firstName, person.nothingLikeIt) = "Ada"'] } },
  assert: {
    closure: {
      because: 'it fails on purpose, for each profile by itself',
      cases: ['$assert($exists(person.email))', '$assert(person.email)'],
      beside: ['person.country = "DE" and $not($exists($assert(person.leadScore >= 0, "a score below zero")))'],
    },
  },
  average: {
    guarded: { where: nearSum, cases: ['$average(opportunities.amount) > 20000', '$average(events[timestamp > $daysAgo(30)].web.durationSec) > 120'] },
    closure: { because: 'of a list that is written out, and of values that may be no numbers', cases: ['$average([person.scores.fit, person.scores.engagement]) > 10', '$average(events.form.fields.budget) > 1000'] },
  },
  base64decode: { closure: { because: 'the package decodes to one character per byte, engines to UTF-8', cases: ['$base64decode($base64encode(person.firstName)) = person.firstName', '$base64decode(person.custom.notes) != ""'] } },
  base64encode: { closure: { because: 'the package encodes one byte per character, engines UTF-8', cases: ['$base64encode(person.email) = "YWRhQGFjbWUuZXhhbXBsZQ=="', '$base64encode(person.city) = "5Lqs"'] } },
  boolean: {
    sql: ['$boolean(person.phone)', '$boolean(person.tags)', '$boolean(events[eventType = "form.submit"])', '$boolean(person.custom.preferredChannel) = true'],
  },
  ceil: {
    sql: ['$ceil(person.scores.fit * 10) >= 7', '$count(accounts[$ceil(healthScore / 10) = 9]) > 0', '$ceil(person.leadScore)'],
    closure: { because: ofSums, cases: ['$ceil($average(accounts.healthScore)) > 50'] },
  },
  clone: { closure: { because: 'it gives an object, which the store has only by its fields', cases: ['$clone(accounts[0]).country = "DE"', '$count($clone(opportunities)) > 1'] } },
  contains: {
    sql: ['$contains(person.title, "VP")', '$contains($lowercase(person.email), "@acme.")', '$exists(accounts[$contains(name, "東")])', '$contains(person.title, /chief|vp/i)'],
    guarded: { where: 'the text is not all ASCII, for regular expressions that count characters or ignore the case of other letters', cases: ['$contains(person.city, /^..$/)', '$contains(person.title, /geschäftsf/i)'] },
    closure: { because: 'of text in lower case with a part that is not all ASCII, and of lists', cases: ['$contains($lowercase(person.title), "geschäft")', '$contains(person.title, person.tags)'] },
  },
  count: {
    sql: ['$count(events[eventType = "email.open" and timestamp > $daysAgo(30)]) >= 2', '$count(person.tags) = 0', '$count($distinct(events.channel)) > 2', '$count(accounts.technologies) > 4'],
    guarded: { where: 'it is not sure of a row whether it counts', cases: ['$count(accounts[$contains(name, $uppercase($$.person.country))]) > 0'] },
    closure: { because: 'of lists that have no form in SQL', cases: ['$count($split(person.title, " ")) > 2'] },
  },
  daysAgo: {
    sql: ['person.lastActivityDate > $daysAgo(30)', '$exists(events[timestamp > $daysAgo(7)])', 'person.birthDate < $daysAgo(14600.5)'],
    closure: { because: 'of a number that the profile has: an instant is worked out once for all', cases: ['person.createdDate < $daysAgo(person.leadScore)'] },
  },
  decodeUrl: { closure: { because: encodings, cases: ['$decodeUrl(person.email) = person.email'], beside: ['$exists(events[$contains($decodeUrl(web.url), "ß")])'] } },
  decodeUrlComponent: { closure: { because: encodings, cases: ['$decodeUrlComponent(person.custom.notes) != ""'], beside: ['$exists(events[$contains($decodeUrlComponent(web.url), "é")])'] } },
  distinct: {
    sql: ['$count($distinct(accounts.industry)) >= 2', '$count($distinct(events[timestamp > $daysAgo(90)].email.campaignKey)) > 1'],
    closure: { because: 'of list fields and of whole rows', cases: ['$count($distinct(person.tags)) > 1', '"SAP" in $distinct(accounts.technologies)', '$distinct(opportunities).stage = "Proposal"'] },
  },
  each: { closure: { because: ofNames, cases: ['$count($each(person.custom, function($value, $name) {$name})) > 1', '"n" in $each(person.consents.marketing, function($value) {$value})'] } },
  encodeUrl: { closure: { because: encodings, cases: ['$encodeUrl(person.lastName) != person.lastName'], beside: ['$exists(events[$encodeUrl(web.url) != web.url])'] } },
  encodeUrlComponent: { closure: { because: encodings, cases: ['$encodeUrlComponent(person.city) != person.city', '$encodeUrlComponent(person.email) = "ada%40acme.example"'] } },
  error: {
    closure: {
      because: 'it fails on purpose, for each profile by itself',
      cases: ['$error()', '$error(person.firstName)'],
      beside: ['person.country = "DE" and $error("not to be asked")', '$exists(person.leadScore) ? person.leadScore > 50 : $error("no score")'],
    },
  },
  exists: {
    sql: ['$exists(accounts[tier = "A"])', '$exists(person.custom.nps)', '$exists(person.consents.marketing)', '$not($exists(person.nothingLikeIt))'],
    closure: { because: 'of what has no form in SQL', cases: ['$exists($keys(person.custom))'], beside: ['$exists(events[form.fields.budget > 10000])'] },
  },
  filter: {
    sql: ['$exists($filter(accounts, function($a) {$a.employees > 1000}))', '$count($filter(events, function($e) {$e.web.durationSec > 300})) > 1'],
    closure: { because: 'of list fields, and by a function that asks for the position', cases: ['$count($filter(person.tags, function($t) {$contains($t, "2024")})) > 0'], beside: ['$count($filter(opportunities, function($o, $i) {$i > 0 and $o.isWon})) > 0'] },
  },
  floor: {
    sql: ['$floor(person.leadScore / 10) = 5', '$exists(accounts[$floor(healthScore) = 80])', '$floor(person.scores.fit) = 0'],
    closure: { because: ofSums, cases: ['$floor($average(accounts.healthScore)) > 50'] },
  },
  formatBase: { closure: { because: 'digits in another base are written as JavaScript does', cases: ['$formatBase(person.leadScore, 16) = "32"', '$formatBase($count(events), 2) = "1010"', '$formatBase(person.leadScore, 1) = "0"'] } },
  formatInteger: { closure: { because: pictures, cases: ['$formatInteger(person.leadScore, "w") = "fifty"', '$formatInteger($count(accounts), "I") = "III"'] } },
  formatNumber: { closure: { because: pictures, cases: ['$formatNumber(person.leadScore, "000") < "050"', '$formatNumber($sum(opportunities.amount), "#,##0") = "1,000"'] } },
  fromMillis: {
    sql: ['$exists(events[$fromMillis($toMillis(timestamp), "[F0]") in ["6", "7"]])', '$fromMillis($toMillis(person.createdDate), "[Y0001]-[M01]") = "2024-12"', '$fromMillis($toMillis(person.birthDate), "[D01]") = "30"'],
    closure: { because: 'with a time zone, of milliseconds that are no stored time, and with pictures beyond the usual ones', cases: ['$fromMillis($toMillis(person.createdDate), "[FNn]") = "Monday"', '$fromMillis($toMillis(person.createdDate), "[H01]:[m01]", "+0200") < "08:00"'] },
  },
  hoursAgo: {
    sql: ['$exists(events[timestamp > $hoursAgo(48)])', 'person.lastActivityDate > $hoursAgo(24 * 30)', '$count(events[timestamp < $hoursAgo(0.5)]) > 3'],
    closure: { because: 'of a number that the profile has: an instant is worked out once for all', cases: ['person.lastActivityDate > $hoursAgo(person.leadScore)'] },
  },
  join: { closure: { because: ofLists, cases: ['$contains($join(person.tags, ","), "event")', '$join(accounts.country, " ") = "DE DE"', '$join(person.tags) = ""'] } },
  keys: { closure: { because: ofNames, cases: ['"nps" in $keys(person.custom)', '$count($keys(person.consents.marketing)) > 1', '$exists($keys(accounts))'] } },
  length: {
    sql: ['$length(person.lastName) > 8', '$exists(accounts[$length(name) < 10])', '$length(person.custom.notes) = 4', '$length(person.city) = 0'],
    closure: { because: ofLowered, cases: ['$length($lowercase(person.city)) = 5'] },
  },
  lookup: {
    sql: ['$lookup(person, "country") = "DE"', '"DE" in $lookup(accounts, "country")', '$lookup(person.custom, "nps") > 5'],
    closure: { because: 'by a name that is worked out', cases: ['$lookup(person.consents.marketing, person.language = "de-DE" ? "email" : "phone") = "y"'] },
  },
  lowercase: {
    sql: ['$lowercase(person.title) = "ceo"', '$lowercase(person.country) in ["de", "at", "ch"]'],
    guarded: { where: 'the text has letters beyond Latin, when the other side is not all ASCII', cases: ['$lowercase(person.lastName) = "müller"', '$lowercase(person.city) = person.city', '$exists(accounts[$lowercase(name) = "σίσυφος"])'] },
    closure: { because: 'inside functions that take the text to pieces', cases: ['$substringAfter($lowercase(person.email), "@") = "globex.example"'] },
  },
  map: {
    sql: ['$count($map(accounts, function($a) {$a.tier})) > 1', '"A" in $map(accounts, function($a) {$a.tier})'],
    guarded: { where: 'a sum of the mapped values is not sure', cases: ['$sum($map(opportunities, function($o) {$o.amount * $o.probability / 100})) > 500'] },
    closure: { because: 'of list fields, by a function of the library, and by one that asks for the position', cases: ['$count($map(person.tags, $uppercase)) > 1', '$exists($map(accounts.name, $length)[$ > 12])', '"0" in $map(opportunities, function($o, $i) {$string($i)})'] },
  },
  match: { closure: { because: 'it gives objects with the places and groups of each match', cases: ['$match(person.email, /@(\\w+)\\./)[0].groups[0] = "acme"', '$count($match(person.phone, /\\d/)) > 9', '$exists($match(person.title, /vp/i))'] } },
  max: {
    sql: ['$max(opportunities[isClosed = false].probability) >= 80', '$max(events.web.durationSec) > 300'],
    closure: { because: 'of a list that is written out, and of values that may be no numbers', cases: ['$max([person.scores.fit, person.scores.engagement]) > 50', '$max(accounts.relation.since) > "2020"'] },
  },
  merge: { closure: { because: ofNames, cases: ['$merge([person.custom, person.consents.marketing]).email = "y"', '$merge(accounts).country = "DE"'] } },
  millis: {
    sql: ['$toMillis(person.createdDate) > $millis() - 365 * 86400000', '$exists(events[$millis() - $toMillis(timestamp) < 604800000])', '$millis() % 2 = 0 and person.country = "DE"'],
  },
  min: {
    sql: ['$min(accounts.healthScore) < 20', '$min(events[timestamp > $daysAgo(30)].scoreChange) < 0'],
    closure: { because: 'of a list that is written out, and of values that may be no numbers', cases: ['$min([person.leadScore, 50]) = 50', '$min(person.tags) > 1'] },
  },
  not: {
    sql: ['$not(person.isCustomer)', '$not(person.country = "DE")', '$not($exists(accounts))', '$not(person.tags)'],
    closure: { because: 'of what has no form in SQL', cases: ['$not("nps" in $keys(person.custom))'] },
  },
  now: {
    sql: ['person.lastActivityDate < $now()', '$exists(opportunities[isClosed = false and closeDate < $now()])', '$substring(person.birthDate, 5, 5) = $now("[M01]-[D01]")'],
    closure: { because: 'with a picture that the profile has', cases: ['$now(person.language) != ""'] },
  },
  number: { closure: { because: 'engines read texts as numbers by rules of their own (blanks, bases, infinity)', cases: ['$number(person.postalCode) > 6', '$number(person.custom.nps) > 5', '$number(person.isCustomer) = 1'], beside: ['$exists(events[$number(form.fields.budget) > 10000])'] } },
  pad: { closure: { because: 'what engines pad they also cut, which JSONata does not', cases: ['$pad(person.postalCode, -5, "0") < "20000"', '$pad(person.country, 4, "😀") = "DE😀😀"', '$pad(person.city, 3, "") = "   "'] } },
  parseInteger: { closure: { because: pictures, cases: ['$parseInteger(person.postalCode, "0") > 6', '$exists($parseInteger(person.title, "w"))'], beside: ['$exists(events[$parseInteger(form.fields.timeline, "0") < 10])'] } },
  power: { closure: { because: 'the last digit differs between engines, and what is no finite number is an error', cases: ['$power(person.leadScore, 2) > 2500', '$power(person.scores.fit, -1) > 2', '$power(person.custom.nps, 0.5) > 2'] } },
  reduce: { closure: { because: 'each step needs the one before', cases: ['$reduce(opportunities.amount, function($sum, $each) {$sum + $each}, 0) > 50000', '$reduce(person.tags, function($all, $tag) {$all & $tag}) != ""'] } },
  replace: { closure: { because: 'a replacement text has JSONata\'s own rules, and an empty pattern is an error', cases: ['$replace(person.phone, /\\D/, "") = "1999"', '$replace(person.title, "VP", "$1 $$") = "$1 $ "', '$replace(person.city, /(.)/, "$1$1") != person.city', '$replace(person.city, "", "-") = ""'] } },
  reverse: { closure: { because: ofLists, cases: ['$reverse(events)[0].eventType = "form.submit"', '$reverse(person.tags)[1] = ""', '$count($reverse(accounts)) > 1'] } },
  round: {
    guarded: { where: 'a number is 1e14 or more, where halves are rounded in their own ways', cases: ['$round(person.leadScore / 10) = 6', '$exists(accounts[$round(healthScore) = 2])', '$round(person.scores.fit) = 0', '$round(person.leadScore) = 1000000000000000'] },
    closure: { because: `with a precision, as it is the digits of the text that are moved; ${ofSums}`, cases: ['$round(person.scores.fit, 1) = 0.6', '$round($average(accounts.employees), -2) = 500', '$round($average(accounts.employees)) >= 500'] },
  },
  sift: { closure: { because: ofNames, cases: ['$exists($sift(person.consents.marketing, function($value) {$value = "n"}))', '$count($keys($sift(person.custom, function($v, $k) {$contains($k, "n")}))) > 1'] } },
  single: { closure: { because: 'none and several are errors, each with a code of its own', cases: ['$single(accounts, function($a) {$a.relation.isPrimary}).country = "DE"', '$single(person.identities, function($i) {$i.namespace = "CRM"}).id != ""'] } },
  sort: {
    guarded: { where: 'a row has no key', cases: ['$sort(opportunities, function($l, $r) {$l.amount < $r.amount})[0].stage = "Proposal"', '$sort(events, function($l, $r) {$l.timestamp > $r.timestamp})[-1].eventType = "product.login"'] },
    closure: { because: 'of lists of values, and by text, which the store sorts by bytes', cases: ['$sort(accounts, function($l, $r) {$l.name > $r.name})[0].country = "DE"', '$sort(accounts.employees)[0] < 100', '$sort(person.tags)[0] = "abc"'] },
  },
  split: { closure: { because: ofLists, cases: ['$split(person.email, "@")[1] = "acme.example"', '$count($split(person.title, " ")) > 3', '"VP" in $split(person.title, /\\s+/)', '$count($split(person.city, "")) > 6'], beside: ['person.country = "DE" and $split(person.title, " ")[0] = "VP"'] } },
  spread: { closure: { because: ofNames, cases: ['"y" in $spread(person.consents.marketing).email', '$count($spread(person.custom)) > 1'] } },
  sqrt: {
    guarded: { where: 'the number is negative, which is an error', cases: ['$sqrt(person.leadScore) > 7', '$exists(events[$sqrt(scoreChange) > 3])'] },
    closure: { because: ofSums, cases: ['$sqrt($sum(opportunities.amount)) > 100'] },
  },
  string: { closure: { because: 'the text of a number or an object is JSONata\'s own (15 digits)', cases: ['$string(person.leadScore) = "50"', '$contains($string(person.custom), "nps")', '$string(person.scores.fit) = "0.3"', '$string(person.isCustomer) = "true"'] } },
  substring: {
    sql: ['$substring(person.postalCode, 0, 2) = "64"', '$substring(person.lastName, 1) = "東"', '$exists(events[$substring(timestamp, 0, 7) = "2025-06"])'],
    closure: { because: `from the end, at a place that is worked out, and ${ofLowered}`, cases: ['$substring(person.city, -2) = "in"', '$substring(person.lastName, 1, person.leadScore) = "aas"', '$substring($lowercase(person.title), 0, 2) = "vp"'] },
  },
  substringAfter: {
    sql: ['$substringAfter(person.email, "@") = "acme.example"', '$substringAfter(person.title, " of ") in ["Sales", "Marketing"]', '$exists(accounts[$substringAfter(website, "//www.") = ""])'],
    closure: { because: `of a part that is empty or worked out, and ${ofLowered}`, cases: ['$substringAfter(person.custom.notes, person.firstName) = ""', '$substringAfter(person.title, "") = person.title'] },
  },
  substringBefore: {
    sql: ['$exists(events[$substringBefore(eventType, ".") = "email"])', '$substringBefore(person.email, "@") = "東京"', '$substringBefore(person.lastName, "ß") = "Stra"'],
    closure: { because: `of a part that is empty or worked out, and ${ofLowered}`, cases: ['$substringBefore(person.title, "") = ""', '$substringBefore($lowercase(person.email), "@") = "ada"'] },
  },
  sum: {
    guarded: { where: nearSum, cases: ['$sum(opportunities[isWon].amount) > 50000', '$sum(events[timestamp > $daysAgo(30)].scoreChange) = -10', '$sum(opportunities.(amount * probability)) > 50000'] },
    closure: { because: 'of a list that is written out, and of values that may be no numbers', cases: ['$sum([person.scores.fit, person.scores.engagement]) > 50', '$sum(events.form.fields.budget) > 10000'] },
  },
  toMillis: {
    sql: ['$toMillis(person.birthDate) < 0', '$exists(opportunities[$toMillis(closeDate) - $toMillis(createdDate) > 90 * 86400000])'],
    guarded: { where: 'a text is no time in the one form that the store reads', cases: ['$toMillis(person.custom.notes) > 0', '$toMillis(person.postalCode) > 0'] },
    closure: { because: 'with a picture', cases: ['$toMillis(person.birthDate, "[Y0001]-[M01]-[D01]") < 500000000000'] },
  },
  trim: {
    sql: ['$trim(person.title) = "VP of Sales"', '$exists(accounts[$trim($lowercase(name)) = "globex"])', '$trim(person.custom.notes) = ""'],
    closure: { because: 'of lists, which is an error, and of what has no form in SQL', cases: ['$trim(person.tags) = ""', '$trim($replace(person.title, "VP", "")) = ""'] },
  },
  type: {
    sql: ['$type(person.leadScore) = "number"', '$type(person.createdDate) = "string"', '$type(person.custom.nps) = "number"'],
    closure: { because: 'of lists, objects and free JSON, which are known value by value', cases: ['$type(person.tags) = "array"', '$type(person.custom) = "object"', '$exists(events[$type(form.fields.budget) = "string"])'] },
  },
  uppercase: {
    guarded: { where: 'the text has letters beyond Latin', cases: ['$uppercase(person.country) = "DE"', '$uppercase(person.lastName) = "STRASSE ẞ"', '$exists(accounts[$uppercase(name) = "ΣΊΣΥΦΟΣ"])', '$uppercase(person.city) in ["BERLIN", "İSTANBUL"]'] },
  },
  zip: { closure: { because: ofLists, cases: ['$count($zip(accounts.name, accounts.country)) > 1', '$zip(opportunities.stage, opportunities.amount)[0][0] = "Proposal"', '$count($zip(person.tags)) > 1'] } },
}

export type HowDecided = 'sql' | 'guarded' | 'closure'

export interface FunctionCase {
  readonly name: string
  readonly expression: string
  readonly ran: HowDecided
}

export function casesOf(name: string): readonly FunctionCase[] {
  const { sql = [], guarded, closure } = functionCases[name] ?? {}
  const as = (ran: HowDecided, expressions: readonly string[] = []): readonly FunctionCase[] => expressions.map((expression) => ({ name, expression, ran }))
  return [...as('sql', sql), ...as('guarded', guarded?.cases), ...as('closure', closure?.cases), ...as('guarded', closure?.beside)]
}
