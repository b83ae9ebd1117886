// The twenty segments of the benchmark, as a B2B marketer would write them, and two hundred of the same kinds: other thresholds,
// countries, event types and windows, and booleans over them.
import type { OpportunityPath, SegmentRule } from './product.js'

export const twentySegments: readonly SegmentRule[] = [
  // Attributes
  aRule('senior-marketing', 'person.seniority in ["C-Level", "VP", "Director"] and person.department = "Marketing"'),
  aRule('hot-leads', 'person.leadScore >= 70 and person.consents.marketing.email = "y" and $not(person.unsubscribed = true)'),
  aRule('business-mail-dach', '$exists(person.email) and $not($contains(person.email, "@mail.example")) and person.country in ["DE", "AT", "CH"]'),
  aRule('new-customers', 'person.isCustomer = true and person.createdDate > $daysAgo(180)'),
  // Attributes of any account, of the primary account
  aRule('large-software', '$exists(accounts[industry = "Software" and employees > 1000])'),
  aRule('primary-tier-a', '$exists(accounts[relation.isPrimary = true and tier = "A" and country in ["US", "CA"]])'),
  // Deals: by one's own role, or by the account
  aRule('role-on-big-deal', '$exists(opportunities[isClosed = false and amount > 50000])'),
  aRule('busy-account', '$count(opportunities[isClosed = false]) >= 3', 'account'),
  aRule('large-pipeline', '$sum(opportunities[isClosed = false and stage != "Discovery"].amount) >= 250000', 'account'),
  aRule('deciders-late-stage', '$exists(opportunityRoles[role in ["Decision Maker", "Economic Buyer"]]) and $exists(opportunities[stage in ["Proposal", "Negotiation"]])'),
  // Events in windows of 7 to 90 days: existence, absence, counts, distinct types
  aRule('pricing-visitors', '$exists(events[eventType = "web.pageView" and web.page = "/pricing" and timestamp > $daysAgo(14)])'),
  aRule('clicked-lately', '$exists(events[eventType = "email.click" and timestamp > $daysAgo(7)])'),
  aRule('gone-quiet', '$not($exists(events[timestamp > $daysAgo(60)]))'),
  aRule('never-opens', '$count(events[eventType = "email.sent" and timestamp > $daysAgo(90)]) >= 3 and $not($exists(events[eventType = "email.open" and timestamp > $daysAgo(90)]))'),
  aRule('regular-visitors', '$count(events[eventType = "web.pageView" and timestamp > $daysAgo(30)]) >= 5'),
  aRule('many-channels', '$count($distinct(events[timestamp > $daysAgo(30)].eventType)) >= 4'),
  aRule('form-or-webinar', '$exists(events[eventType in ["form.submit", "webinar.attended"] and timestamp > $daysAgo(45)])'),
  // All of it
  aRule('sales-ready', 'person.leadScore >= 50 and ($exists(events[eventType = "form.submit" and timestamp > $daysAgo(30)]) or $count(events[web.page = "/pricing" and timestamp > $daysAgo(30)]) >= 2) and $not($exists(opportunities[isClosed = false]))'),
  aRule('expansion', '(person.isCustomer = true or $exists(accounts[accountType = "Customer"])) and $exists(events[eventType = "product.login" and timestamp > $daysAgo(14)]) and $sum(opportunities[isWon = true].amount) >= 20000', 'account'),
  aRule(
    'win-back',
    '$not(person.unsubscribed = true) and (person.seniority in ["C-Level", "VP"] and $exists(accounts[annualRevenue > 50000000 and industry in ["Manufacturing", "Healthcare"]]) and $not($exists(events[timestamp > $daysAgo(90)]))'
      + ' or $exists(opportunities[stage = "Closed Lost"]) and $exists(events[eventType = "email.open" and timestamp > $daysAgo(30)]))',
  ),
].map((each, index) => ({ ...each, uid: index + 1 }))

/** Kinds take turns, so that a part of the list is a mix as well. Always the same ones. */
export function manySegments(count: number): readonly SegmentRule[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? attributeKind
    return { ...kind(Math.floor(index / kinds.length), index), uid: index + 1 }
  })
}

function aRule(name: string, expression: string, opportunities: OpportunityPath = 'role'): SegmentRule {
  return { uid: 0, name, entity: 'person', expression, paths: { accounts: 'any', opportunities }, vars: {}, readsSegments: [] }
}

/** `turn` counts the segments of its kind, `index` all of them. */
type Kind = (turn: number, index: number) => SegmentRule

const countries = ['US', 'DE', 'FR', 'GB', 'ES', 'BR', 'JP', 'IN', 'CA', 'CH']
const departments = ['Marketing', 'IT', 'Finance', 'Sales', 'Operations', 'Procurement']
const industries = ['Software', 'Financial Services', 'Manufacturing', 'Healthcare', 'Retail', 'Public Sector']
const stages = ['Discovery', 'Qualification', 'Proposal', 'Negotiation', 'Closed Won', 'Closed Lost']
const roles = ['Decision Maker', 'Influencer', 'Champion', 'Economic Buyer', 'Evaluator']
const eventTypes = ['web.pageView', 'email.sent', 'email.open', 'email.click', 'form.submit', 'webinar.attended', 'product.login', 'scoring.change']
const pages = ['/pricing', '/pricing/enterprise', '/product/analytics', '/product/connect', '/contact']
const windowDays = [7, 14, 30, 45, 60, 90]

const at = <T>(list: readonly T[], turn: number): T => list[turn % list.length] as T

const scored = (turn: number): string => `person.leadScore >= ${String(20 + (turn % 9) * 10)}`
const from = (turn: number): string => `person.country in ["${at(countries, turn)}", "${at(countries, turn + 3)}"]`
const seniorIn = (turn: number): string => `person.seniority in ["C-Level", "VP", "Director"] and person.department = "${at(departments, turn)}"`
const atCompany = (turn: number): string => `$exists(accounts[industry = "${at(industries, turn)}" and employees > ${String(100 * 2 ** (turn % 5))}])`
const atTier = (turn: number): string => `$exists(accounts[relation.isPrimary = true and tier = "${at(['A', 'B', 'C'], turn)}" and country = "${at(countries, turn)}"])`
const onDeal = (turn: number): string => `$exists(opportunities[stage = "${at(stages, turn)}" and amount > ${String(10_000 * (1 + (turn % 7)))}])`
const inRole = (turn: number): string => `$exists(opportunityRoles[role = "${at(roles, turn)}"])`
const pipeline = (turn: number): string => `$sum(opportunities[isClosed = false].amount) >= ${String(25_000 * (1 + (turn % 20)))}`
const dealCount = (turn: number): string => `$count(opportunities[stage = "${at(stages, turn)}"]) >= ${String(2 + (Math.floor(turn / 3) % 4))}`
const did = (turn: number): string => `$exists(events[eventType = "${at(eventTypes, turn)}" and timestamp > $daysAgo(${String(at(windowDays, turn + 2 * Math.floor(turn / 8)))})])`
const didOften = (turn: number): string => `$count(events[eventType = "${at(eventTypes, turn)}" and timestamp > $daysAgo(${String(at([30, 60, 90], turn))})]) >= ${String(2 + (turn % 4))}`
const saw = (turn: number): string => `$exists(events[web.page = "${at(pages, turn)}" and timestamp > $daysAgo(${String(at(windowDays, turn))})])`
const distinctTypes = (turn: number): string => `$count($distinct(events[timestamp > $daysAgo(${String(at([30, 60, 90], turn))})].eventType)) >= ${String(3 + (Math.floor(turn / 3) % 4))}`
const wasQuiet = (turn: number): string => `$not($exists(events[timestamp > $daysAgo(${String(at(windowDays, turn))})]))`

const attributeKind: Kind = (turn) => {
  const half = Math.floor(turn / 2)
  const more = at([scored, () => '$not(person.unsubscribed = true)', () => 'person.isCustomer = true'], half + Math.floor(half / 6))
  return aRule(`attribute-${String(turn)}`, `${at([seniorIn, from], turn)(half)} and ${more(half)}`)
}

/** One after the other, each with what varies in twenty turns. */
const kinds: readonly Kind[] = [
  attributeKind,
  (turn) => aRule(`account-${String(turn)}`, at([atCompany, atTier], turn)(turn)),
  (turn) => aRule(`deal-${String(turn)}`, `${inRole(turn)} and ${onDeal(turn + 2)}`),
  (turn) => aRule(`pipeline-${String(turn)}`, at([pipeline, dealCount], turn)(Math.floor(turn / 2)), 'account'),
  (turn) => aRule(`did-${String(turn)}`, did(turn)),
  (turn) => aRule(`saw-${String(turn)}`, `${saw(turn)} and ${scored(turn)}`),
  (turn) => aRule(`often-${String(turn)}`, at([didOften, distinctTypes], turn)(Math.floor(turn / 2))),
  (turn) => aRule(`quiet-${String(turn)}`, `${wasQuiet(turn)} and ${at([from, scored, atCompany], turn)(Math.floor(turn / 3))}`),
  (turn, index) => aRule(`mixed-${String(turn)}`, `(${scored(turn)} or ${atCompany(index)}) and (${did(turn)} or ${saw(index)}) and $not(${onDeal(turn)})`),
  (turn, index) => aRule(`nested-${String(turn)}`, `${from(index)} and (${did(index)} and ${didOften(turn)} or ${wasQuiet(turn)} and (${seniorIn(turn)} or ${inRole(index)})) or ${did(turn + 5)} and ${pipeline(index)}`, 'account'),
]
