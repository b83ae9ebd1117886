// A sandbox full of unified profiles of any size, the same each time, as stage 5 would have left it: people, companies, their
// relations, deals, roles, campaigns and 400 days of events. Made by the engine's hash() of running numbers. Skewed as real data is:
// large companies have most of the people and deals, few people most of the events, and many fields are missing.
import { type SqlText, type Store, joined, name, param, partTable, sqlText, standardEntities, tableOf, unifiedTable } from './product.js'

/** The one instant of all measurements; the last event is just before it. */
export const benchNow = '2026-11-23T06:00:00.000Z'
export const benchNowMs = Date.parse(benchNow)

export interface Sizes {
  readonly people: number
  readonly accounts: number
  readonly opportunities: number
  readonly events: number
}

export function sizesFor(people: number): Sizes {
  return { people, accounts: Math.ceil(people / 10), opportunities: Math.ceil((people * 3) / 10), events: people * 10 }
}

export const eventDays = 400
const dayMs = 86_400_000
/** Events are inserted in parts, as batches would bring them. */
const eventsAtOnce = 2_000_000

/** Fills an empty store; its tables are made first. */
export async function fillStore(store: Store, sizes: Sizes): Promise<void> {
  await store.transaction(async (tx) => {
    for (const schema of Object.values(standardEntities)) {
      await tx.ensureTable(partTable(schema))
      await tx.ensureTable(unifiedTable(schema))
    }
  })
  await store.run(sqlText`create or replace temporary table slot as select range as n from range(${param(Math.max(sizes.people, Math.min(sizes.events, eventsAtOnce)))})`)
  await insert(store, 'account', accountColumns(), numbers(0, sizes.accounts))
  await insert(store, 'person', personColumns(), sqlText`(select *, ${primaryAccount(sizes)} as home from ${numbers(0, sizes.people)})`)
  await fillAccountPeople(store, sizes)
  await insert(store, 'opportunity', opportunityColumns(), sqlText`(select *, ${companyOf('deal', sizes)} as company, least(floor(${uniform('stage')} * 6.9), 5)::integer as step from ${numbers(0, sizes.opportunities)})`)
  await fillRoles(store, sizes)
  await fillPersonAccounts(store)
  await fillMemberships(store, sizes)
  for (let from = 0; from < sizes.events; from += eventsAtOnce) await fillEvents(store, sizes, from, Math.min(from + eventsAtOnce, sizes.events))
  await fillProfileChanges(store)
  await store.run(sqlText`drop table slot`)
  await store.checkpoint()
}

// Expressions over the running number `i`. Each label is a source of chance of its own.

type Columns = Readonly<Record<string, SqlText>>

// Twice: the engine only XORs the hashes of two values, which would tie the labels to each other.
const dice = (label: string): SqlText => sqlText`hash(hash(i, ${param(label)}))`
const uniform = (label: string): SqlText => sqlText`((${dice(label)} >> 11)::double / 9007199254740992)`
const below = (label: string, count: number): SqlText => sqlText`(${dice(label)} % ${param(count)})::bigint`
const pick = (label: string, list: readonly string[]): SqlText => sqlText`(${param(list)})[1 + ${below(label, list.length)}]`
const chance = (label: string, share: number): SqlText => sqlText`(${uniform(label)} < ${param(share)})`
/** The value, but missing in this share of the rows. */
const gaps = (label: string, share: number, value: SqlText): SqlText => sqlText`case when ${uniform(`${label} missing`)} >= ${param(share)} then ${value} end`
/** An instant within so many days before now. */
const recent = (label: string, days: number): SqlText => sqlText`make_timestamp_ms(${param(benchNowMs)} - (${uniform(label)} * ${param(days * dayMs)})::bigint)`
const recentDay = (label: string, fromDaysAgo: number, toDaysAgo: number): SqlText =>
  sqlText`strftime(make_timestamp_ms(${param(benchNowMs - fromDaysAgo * dayMs)} + (${uniform(label)} * ${param((fromDaysAgo - toDaysAgo) * dayMs)})::bigint), '%Y-%m-%d')`
const keyOf = (prefix: string, number: SqlText): SqlText => sqlText`${param(prefix)} || ${number} || '@crm.Salesforce'`
/** Quarters of a unit, so that sums are exact in any order. */
const money = (label: string, most: number): SqlText => sqlText`floor(${param(most * 4)} * pow(${uniform(label)}, 3)) / 4`

const companyOf = (label: string, { accounts }: Sizes): SqlText => sqlText`floor(${param(accounts)} * pow(${uniform(label)}, 2))::integer`
/** Everybody's number at home or none: 85 % have a company of their own. */
const primaryAccount = (sizes: Sizes): SqlText => sqlText`case when ${chance('employed', 0.85)} then ${companyOf('home', sizes)} end`

// Profile ids are node numbers: a person's own key comes first, its e-mail is the node after it.
const personId = (number: SqlText): SqlText => sqlText`(2 * ${number} + 1)::integer`
const thingId = (number: SqlText): SqlText => sqlText`(${number} + 1)::integer`

// From a table: the engine scans one with all its threads, but not a range.
function numbers(from: number, to: number): SqlText {
  return sqlText`(select n + ${param(from)} as i from slot where n < ${param(to - from)}) numbered`
}

async function insert(store: Store, table: string, columns: Columns, from: SqlText): Promise<void> {
  const list = Object.entries(columns).map(([column, value]) => sqlText`${value} as ${name(column)}`)
  await store.run(sqlText`insert into ${name(table)} by name select ${joined(list, ', ')} from ${from}`)
}

const countries = ['US', 'US', 'US', 'US', 'DE', 'DE', 'FR', 'FR', 'GB', 'GB', 'ES', 'BR', 'JP', 'IN', 'CA', 'CH', 'AT', 'NL', 'SE', 'TR']
const levels = ['C-Level', 'VP', 'VP', 'Director', 'Director', 'Director', 'Manager', 'Manager', 'Manager', 'Manager', 'Individual', 'Individual', 'Individual', 'Individual', 'Individual', 'Individual']
const titles = ['Chief Technology Officer', 'Chief Marketing Officer', 'Vice President Sales', 'Vice President Marketing', 'Director of IT', 'Marketing Director', 'Marketing Manager', 'IT Manager', 'Software Engineer', 'Data Analyst', 'Procurement Specialist', 'Consultant', 'Head of Growth', 'Student']
const departments = ['Marketing', 'IT', 'Finance', 'Sales', 'Operations', 'Procurement']
const mailHosts = ['mail.example', 'mail.example', 'post.example', 'acme.example', 'globex.example', 'initech.example', 'umbrella.example', 'hooli.example']

function personColumns(): Columns {
  return {
    _id: personId(sqlText`i`),
    _source_keys: sqlText`case when ${chance('lead too', 0.03)} then [${keyOf('C', sqlText`i`)}, 'L' || i || '@munchkin.Marketo'] else [${keyOf('C', sqlText`i`)}] end`,
    email: gaps('email', 0.05, sqlText`'person' || i || '@' || ${pick('mail host', mailHosts)}`),
    firstName: pick('first name', ['Ada', 'Björn', 'Chloé', 'Deepak', 'Ewa', 'Fatima', 'Giulia', 'Hiroshi', 'João', 'Kofi']),
    lastName: sqlText`'Name' || ${below('last name', 5000)}`,
    title: gaps('title', 0.12, pick('title', titles)),
    department: gaps('department', 0.1, pick('department', departments)),
    seniority: gaps('seniority', 0.1, pick('seniority', levels)),
    country: gaps('country', 0.05, pick('country', countries)),
    leadStatus: gaps('lead status', 0.04, pick('lead status', ['New', 'New', 'MQL', 'MQL', 'SQL', 'Customer', 'Recycled', 'Disqualified'])),
    leadScore: gaps('lead score', 0.13, sqlText`floor(120 * pow(${uniform('lead score')}, 1.5))`),
    isCustomer: gaps('customer', 0.15, chance('customer', 0.2)),
    unsubscribed: gaps('unsubscribed', 0.2, chance('unsubscribed', 0.12)),
    'consents.marketing.email': gaps('consent', 0.2, pick('consent', ['y', 'y', 'y', 'n'])),
    createdDate: recent('created', 1500),
    lastActivityDate: gaps('activity', 0.4, recent('activity', 300)),
    accountKey: sqlText`case when ${chance('contact', 0.4)} then ${keyOf('A', sqlText`home`)} end`,
    accountKey_id: sqlText`case when ${chance('contact', 0.4)} then ${thingId(sqlText`home`)} end`,
  }
}

function accountColumns(): Columns {
  return {
    _id: thingId(sqlText`i`),
    _source_keys: sqlText`[${keyOf('A', sqlText`i`)}]`,
    name: sqlText`'Company ' || i`,
    domain: gaps('domain', 0.15, sqlText`'company' || i || '.example'`),
    industry: gaps('industry', 0.08, pick('industry', ['Software', 'Financial Services', 'Manufacturing', 'Healthcare', 'Retail', 'Public Sector'])),
    accountType: gaps('type', 0.04, pick('type', ['Prospect', 'Prospect', 'Prospect', 'Customer', 'Customer', 'Partner', 'Competitor'])),
    country: gaps('country', 0.03, pick('country', countries)),
    tier: gaps('tier', 0.2, pick('tier', ['A', 'B', 'B', 'C', 'C', 'C'])),
    isTarget: gaps('target', 0.7, chance('target', 0.8)),
    annualRevenue: gaps('revenue', 0.13, sqlText`floor(900000 * pow(${uniform('revenue')}, 4)) * 10000`),
    employees: gaps('employees', 0.07, sqlText`floor(10 + 20000 * pow(${uniform('employees')}, 4))`),
    healthScore: gaps('health', 0.4, sqlText`floor(1000 * ${uniform('health')}) / 10`),
    createdDate: recent('created', 2500),
  }
}

/** 85 % of the people have a primary company, 15 % a second one; at most one row per person and company. */
async function fillAccountPeople(store: Store, sizes: Sizes): Promise<void> {
  const all = numbers(0, sizes.people)
  const first = sqlText`select i, ${primaryAccount(sizes)} as company, true as is_first from ${all}`
  const second = sqlText`select i, ${companyOf('second', sizes)}, false from ${all} where ${chance('has second', 0.15)} and ${companyOf('second', sizes)} is distinct from ${primaryAccount(sizes)}`
  await insert(store, 'account_person', {
    _source_key: sqlText`'AP' || i || if(is_first, 'a', 'b') || '@crm.Salesforce'`,
    accountKey: keyOf('A', sqlText`company`),
    personKey: keyOf('C', sqlText`i`),
    role: gaps('place', 0.2, pick('place', ['Decision Maker', 'Influencer', 'Champion', 'Economic Buyer', 'Evaluator'])),
    isPrimary: sqlText`case when is_first then true when ${chance('said so', 0.7)} then false end`,
    since: recentDay('since', 2500, 30),
    accountKey_id: thingId(sqlText`company`),
    personKey_id: personId(sqlText`i`),
  }, sqlText`(select * from (${first} union all ${second}) where company is not null) order by _source_key`)
}

const stages = ['Discovery', 'Qualification', 'Proposal', 'Closed Won', 'Closed Lost', 'Closed Lost']

function opportunityColumns(): Columns {
  const isClosed = sqlText`(step >= 3)`
  return {
    _id: thingId(sqlText`i`),
    _source_keys: sqlText`[${keyOf('O', sqlText`i`)}]`,
    name: sqlText`'Deal ' || i`,
    type: gaps('type', 0.1, pick('type', ['New Business', 'Expansion', 'Renewal'])),
    stage: sqlText`case when step = 2 and ${chance('negotiating', 0.4)} then 'Negotiation' else (${param(stages)})[1 + step] end`,
    amount: gaps('amount', 0.1, money('amount', 400_000)),
    currency: pick('currency', ['EUR', 'EUR', 'USD', 'GBP']),
    isClosed: gaps('closed', 0.02, isClosed),
    isWon: sqlText`(step = 3)`,
    probability: gaps('probability', 0.06, sqlText`case step when 3 then 100 when 4 then 0 when 5 then 0 else 10 + 10 * ${below('probability', 9)} end`),
    createdDate: recent('created', 900),
    closeDate: gaps('close', 0.06, sqlText`case when ${isClosed} then ${recentDay('close', 400, 0)} else ${recentDay('close', 60, -240)} end`),
    accountKey: keyOf('A', sqlText`company`),
    accountKey_id: thingId(sqlText`company`),
  }
}

/** As many roles as deals: four in five for somebody of the deal's company, the others for anybody. Some have two on one deal. */
async function fillRoles(store: Store, sizes: Sizes): Promise<void> {
  await store.run(
    sqlText`create or replace temporary table colleague as
      select "accountKey_id" as company, "personKey_id" as person, row_number() over (partition by "accountKey_id" order by "personKey_id") - 1 as place, count(*) over (partition by "accountKey_id") as people from account_person`,
  )
  await store.run(
    sqlText`create or replace temporary table role_taken as
      select r.i, r.deal, coalesce(c.person, r.anybody) as person from (
        select i, o._id as deal, ${personId(below('anybody', sizes.people))} as anybody, case when ${chance('insider', 0.8)} then o."accountKey_id" end as company, (${dice('colleague')} % s.people)::bigint as place
        from ${numbers(0, sizes.opportunities)} join opportunity o on o._id = 1 + ${below('deal', sizes.opportunities)}
        left join (select company, any_value(people) as people from colleague group by company) s on s.company = o."accountKey_id") r
      left join colleague c on c.company = r.company and c.place = r.place`,
  )
  await insert(store, 'opportunity_person', {
    _source_key: keyOf('R', sqlText`i`),
    opportunityKey: keyOf('O', sqlText`(deal - 1)`),
    personKey: keyOf('C', sqlText`((person - 1) // 2)`),
    role: gaps('role', 0.05, pick('role', ['Decision Maker', 'Influencer', 'Champion', 'Economic Buyer', 'Evaluator'])),
    isPrimary: chance('primary', 0.4),
    opportunityKey_id: sqlText`deal`,
    personKey_id: sqlText`person`,
  }, sqlText`role_taken order by _source_key`)
  await store.run(sqlText`drop table colleague`)
  await store.run(sqlText`drop table role_taken`)
}

/** The three ways to an account, as stage 5 finds them. */
async function fillPersonAccounts(store: Store): Promise<void> {
  await store.run(
    sqlText`insert into person_account select person_id, account_id, bool_or(direct), bool_or(relation), bool_or(opportunity) from (
      select _id as person_id, "accountKey_id" as account_id, true as direct, false as relation, false as opportunity from person where "accountKey_id" is not null
      union all select "personKey_id", "accountKey_id", false, true, false from account_person
      union all select r."personKey_id", o."accountKey_id", false, false, true from opportunity_person r join opportunity o on o._id = r."opportunityKey_id")
      group by person_id, account_id order by person_id, account_id`,
  )
}

const campaignCount = 200
const listCount = 20

async function fillMemberships(store: Store, { people }: Sizes): Promise<void> {
  await insert(store, 'campaign', {
    _id: thingId(sqlText`i`), _source_keys: sqlText`[${keyOf('K', sqlText`i`)}]`, name: sqlText`${pick('kind', ['Webinar', 'Summit', 'Launch', 'Roadshow'])} || ' ' || i`,
    type: pick('type', ['Webinar', 'Event', 'Email', 'Content']), region: pick('region', ['EMEA', 'AMER', 'APAC', 'Global']),
  }, numbers(0, campaignCount))
  await insert(store, 'marketing_list', { _id: thingId(sqlText`i`), _source_keys: sqlText`[${keyOf('M', sqlText`i`)}]`, name: sqlText`'List ' || i` }, numbers(0, listCount))
  const person = below('member', people)
  await insert(store, 'campaign_member', {
    _source_key: keyOf('KM', sqlText`i`), campaignKey: keyOf('K', below('campaign', campaignCount)), personKey: keyOf('C', person),
    status: pick('status', ['Invited', 'Registered', 'Attended', 'No Show']), hasResponded: gaps('responded', 0.3, chance('responded', 0.3)), memberSince: recent('since', 500),
    campaignKey_id: thingId(below('campaign', campaignCount)), personKey_id: personId(person),
  }, sqlText`${numbers(0, Math.ceil(people / 2))} order by _source_key`)
  await insert(store, 'list_member', {
    _source_key: keyOf('MM', sqlText`i`), listKey: keyOf('M', below('list', listCount)), personKey: keyOf('C', person), addedDate: recent('added', 700),
    listKey_id: thingId(below('list', listCount)), personKey_id: personId(person),
  }, sqlText`${numbers(0, Math.ceil(people / 5))} order by _source_key`)
}

/** Per hundred events; web.pageView is the rest. */
const eventTypes = [
  ...Array.from({ length: 38 }, () => 'web.pageView'), ...Array.from({ length: 14 }, () => 'email.sent'), ...Array.from({ length: 14 }, () => 'email.open'), ...Array.from({ length: 9 }, () => 'email.click'), 'email.unsubscribed',
  ...Array.from({ length: 7 }, () => 'form.submit'), ...Array.from({ length: 4 }, () => 'webinar.attended'), ...Array.from({ length: 8 }, () => 'product.login'), ...Array.from({ length: 5 }, () => 'scoring.change'),
]
const pages = ['/', '/', '/pricing', '/pricing/enterprise', '/product/analytics', '/product/connect', '/docs/getting-started', '/blog/b2b-cdp', '/careers', '/contact']

/**
 * Evenly over 400 days, in time order; each hundredth falls exactly on its step, so that some lie on the edge of a window. Three in
 * five people have events, by a power law (the median has 12, the busiest of a million some 9,000); one event in a thousand is nobody's.
 */
async function fillEvents(store: Store, { people, events }: Sizes, from: number, to: number): Promise<void> {
  const stepMs = (eventDays * dayMs) / events
  const rank = sqlText`floor(${param(Math.floor(people * 0.6))} * pow(${uniform('visitor')}, 1.9))::bigint`
  const visitor = sqlText`(${rank} * ${param(7919)} + ${param(17)}) % ${param(people)}`
  const at = sqlText`${param(benchNowMs - eventDays * dayMs)} + (i * ${param(stepMs)})::bigint + case when i % 100 = 0 then 0 else ${below('moment', Math.max(1, Math.floor(stepMs)))} end`
  const rows = sqlText`select i, ${gaps('visitor', 0.001, visitor)} as visitor, ${pick('type', eventTypes)} as type, ${pick('page', pages)} as page, make_timestamp_ms(${at}) as at from ${numbers(from, to)}`
  const when = (prefix: string, value: SqlText): SqlText => sqlText`case when starts_with(type, ${param(prefix)}) then ${value} end`
  await insert(store, 'event', {
    _seq: sqlText`i + 1`,
    _source_key: sqlText`'e' || i || '@web.Website'`,
    _nid: personId(sqlText`visitor`),
    _id: personId(sqlText`visitor`),
    eventType: sqlText`type`,
    timestamp: sqlText`"at"`,
    personKey: keyOf('C', sqlText`visitor`),
    'web.page': when('web.', sqlText`page`),
    'web.url': when('web.', sqlText`'https://www.example.test' || page`),
    'web.referrer': when('web.', gaps('referrer', 0.7, pick('referrer', ['google', 'linkedin', 'newsletter']))),
    'message.subject': when('email.', pick('subject', ['Your invite', 'RE: pricing', '20% off until Friday', 'Résumé of the week'])),
    'message.link': when('email.click', sqlText`'https://www.example.test' || page || '?utm_source=mail'`),
    'form.name': when('form.', pick('form', ['Contact us', 'Demo request', 'Whitepaper download', 'Newsletter signup'])),
    'score.to': when('scoring.', sqlText`${below('score', 120)}::double`),
  }, sqlText`(${rows})`)
}

/** The log that stage 5 leaves after a first run: everybody changed. */
async function fillProfileChanges(store: Store): Promise<void> {
  for (const entity of ['account', 'person']) {
    await store.run(
      sqlText`insert into profile_change by name select (select coalesce(max(seq), 0) from profile_change) + row_number() over (order by _id) as seq, ${param(entity)} as entity, _id as id, 'changed' as change, ${param(benchNow)}::timestamp as "at"
        from ${name(tableOf(entity))} order by _id`,
    )
  }
}
