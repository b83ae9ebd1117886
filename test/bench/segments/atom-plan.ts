// What the compiled evaluation is measured against: one statement, written by hand for exactly the twenty segments, as fast as we can
// make it. Conditions over one kind of row are bits of one word; words are brought to the people and combined by one bit_or, and a
// last step decides the five segments that mix kinds. Counts and sums, which no bit_or gives, are taken first where they are.
//   companies    bits and sums per company, then per person over `person_account`
//   deals        bits per deal, straight to whoever has a role on it
//   events       one pass over the longest window
// It may know what the data is like (nine types of events, one relation row per person and company); a compiler may not.
import { type Connection, type SqlText, joined, name, param, sqlText } from './product.js'
import { twentySegments } from './segments.js'

/** Makes the temporary table `atom_plan(_id, word)`: bit n is the nth of the twenty segments. */
export async function runAtomPlan(store: Connection, nowMs: number): Promise<void> {
  await store.run(sqlText`create or replace temporary table atom_plan as ${atomPlan(nowMs)}`)
}

/** Members of the nth segment in the last run, ascending. */
export async function readAtomPlan(store: Connection, index: number): Promise<readonly number[]> {
  const rows = await store.rows<{ _id: number }>(sqlText`select _id from atom_plan where word & ${bit(index)} <> 0 order by _id`)
  return rows.map((each) => each._id)
}

/** Members of each of the twenty segments in the last run. */
export async function countAtomPlan(store: Connection): Promise<readonly number[]> {
  const counts = twentySegments.map((each, index) => sqlText`count(*) filter (where word & ${bit(index)} <> 0) as ${name(each.name)}`)
  const row = await store.row(sqlText`select ${joined(counts, ', ')} from atom_plan`)
  return twentySegments.map((each) => Number(row[each.name]))
}

// Segments by their place in the list. Those that look at one kind of row are set where the row is.
const segment = (called: string): SqlText => bit(twentySegments.findIndex((each) => each.name === called))

// Conditions that segments of several kinds of rows are made of, behind the segments.
const atoms = [
  'score 50', 'customer', 'subscribed', 'senior',
  'customer account', 'industrial account', 'won 20000',
  'decider', 'late stage', 'open deal', 'lost deal',
  'active 60', 'active 90', 'interested', 'login 14', 'opened 30', 'opened 90',
] as const
type Atom = (typeof atoms)[number]
const atom = (called: Atom): SqlText => bit(twentySegments.length + atoms.indexOf(called))

function bit(index: number): SqlText {
  return param(1n << BigInt(index))
}

const has = (called: Atom): SqlText => sqlText`word & ${atom(called)} <> 0`
const when = (condition: SqlText, set: SqlText): SqlText => sqlText`case when ${condition} then ${set} else 0 end`
const allOf = (...words: readonly SqlText[]): SqlText => words.reduce((all, each) => sqlText`${all} | ${each}`)

function atomPlan(nowMs: number): SqlText {
  const daysAgo = (days: number): SqlText => sqlText`make_timestamp_ms(${param(nowMs - days * 86_400_000)})`
  const words = [personWords(daysAgo), companyWords, primaryWords, roleWords, eventWords(daysAgo)]
  const mixed = allOf(
    when(sqlText`${has('decider')} and ${has('late stage')}`, segment('deciders-late-stage')),
    when(sqlText`not (${has('active 60')})`, segment('gone-quiet')),
    when(sqlText`${has('score 50')} and ${has('interested')} and not (${has('open deal')})`, segment('sales-ready')),
    when(sqlText`(${has('customer')} or ${has('customer account')}) and ${has('login 14')} and ${has('won 20000')}`, segment('expansion')),
    when(sqlText`${has('subscribed')} and (${has('senior')} and ${has('industrial account')} and not (${has('active 90')}) or ${has('lost deal')} and ${has('opened 30')})`, segment('win-back')),
  )
  const segments = param((1n << BigInt(twentySegments.length)) - 1n)
  return sqlText`select _id, word & ${segments} | ${mixed} as word from (select _id, bit_or(word) as word from (${joined(words, ' union all ')}) group by _id)`
}

type DaysAgo = (days: number) => SqlText

function personWords(daysAgo: DaysAgo): SqlText {
  const word = allOf(
    when(sqlText`seniority in ('C-Level', 'VP', 'Director') and department = 'Marketing'`, segment('senior-marketing')),
    when(sqlText`"leadScore" >= 70 and "consents.marketing.email" = 'y' and unsubscribed is distinct from true`, segment('hot-leads')),
    when(sqlText`email is not null and not contains(email, '@mail.example') and country in ('DE', 'AT', 'CH')`, segment('business-mail-dach')),
    when(sqlText`"isCustomer" and "createdDate" > ${daysAgo(180)}`, segment('new-customers')),
    when(sqlText`"leadScore" >= 50`, atom('score 50')),
    when(sqlText`"isCustomer"`, atom('customer')),
    when(sqlText`unsubscribed is distinct from true`, atom('subscribed')),
    when(sqlText`seniority in ('C-Level', 'VP')`, atom('senior')),
  )
  return sqlText`select _id, ${word} as word from person`
}

const deals = sqlText`select "accountKey_id" as company, count(*) filter (where not "isClosed")::integer as open_deals,
  sum(amount) filter (where not "isClosed" and stage <> 'Discovery') as pipeline, sum(amount) filter (where "isWon") as won from opportunity group by "accountKey_id"`

const companies = sqlText`select _id as company, ${allOf(
  when(sqlText`industry = 'Software' and employees > 1000`, segment('large-software')),
  when(sqlText`"accountType" = 'Customer'`, atom('customer account')),
  when(sqlText`"annualRevenue" > 50000000 and industry in ('Manufacturing', 'Healthcare')`, atom('industrial account')),
)} as word from account`

const companyWords = sqlText`select person_id, word | ${when(sqlText`open_deals >= 3`, segment('busy-account'))} | ${when(sqlText`pipeline >= 250000`, segment('large-pipeline'))} | ${when(sqlText`won >= 20000`, atom('won 20000'))}
  from (select person_id, bit_or(word) as word, sum(open_deals) as open_deals, sum(pipeline) as pipeline, sum(won) as won
    from person_account join (select c.company, c.word, d.open_deals, d.pipeline, d.won from (${companies}) c left join (${deals}) d on d.company = c.company
      where c.word <> 0 or d.open_deals > 0 or d.pipeline > 0 or d.won > 0) on company = account_id group by person_id)`

const primaryWords = sqlText`select "personKey_id", ${segment('primary-tier-a')} from account_person join account on account._id = "accountKey_id"
  where account_person."isPrimary" and account.tier = 'A' and account.country in ('US', 'CA')`

const roleWords = sqlText`select "personKey_id", d.word | ${when(sqlText`role in ('Decision Maker', 'Economic Buyer')`, atom('decider'))} from opportunity_person join (select _id as deal, ${allOf(
  when(sqlText`not "isClosed" and amount > 50000`, segment('role-on-big-deal')),
  when(sqlText`stage in ('Proposal', 'Negotiation')`, atom('late stage')),
  when(sqlText`not "isClosed"`, atom('open deal')),
  when(sqlText`stage = 'Closed Lost'`, atom('lost deal')),
)} as word from opportunity) d on deal = "opportunityKey_id"`

// Comparing numbers is cheaper than comparing texts, and the number is the place of the type's bit as well.
const eventTypes = ['web.pageView', 'email.sent', 'email.open', 'email.click', 'email.unsubscribed', 'form.submit', 'webinar.attended', 'product.login', 'scoring.change']
const typeNumber = sqlText`case "eventType" ${joined(eventTypes.map((each, index) => sqlText`when ${param(each)} then ${param(index)}`), ' ')} end`
const isType = (type: string): SqlText => sqlText`type = ${param(eventTypes.indexOf(type))}`

function eventWords(daysAgo: DaysAgo): SqlText {
  const since = (days: number): SqlText => sqlText`"timestamp" > ${daysAgo(days)}`
  const word = allOf(
    when(sqlText`${isType('web.pageView')} and "web.page" = '/pricing' and ${since(14)}`, segment('pricing-visitors')),
    when(sqlText`${isType('email.click')} and ${since(7)}`, segment('clicked-lately')),
    when(sqlText`(${isType('form.submit')} or ${isType('webinar.attended')}) and ${since(45)}`, segment('form-or-webinar')),
    when(sqlText`${isType('form.submit')} and ${since(30)}`, atom('interested')),
    when(sqlText`${isType('product.login')} and ${since(14)}`, atom('login 14')),
    when(sqlText`${isType('email.open')} and ${since(30)}`, atom('opened 30')),
    when(isType('email.open'), atom('opened 90')),
    when(since(60), atom('active 60')),
  )
  const recent = sqlText`select _id, "timestamp", "web.page", ${typeNumber} as type from event where ${since(90)} and _id is not null`
  const grouped = sqlText`select _id, bit_or(${word}) as word, count(*) filter (where ${isType('email.sent')}) as sent, count(*) filter (where ${isType('web.pageView')} and ${since(30)}) as views,
    count(*) filter (where "web.page" = '/pricing' and ${since(30)}) as pricing, bit_count(bit_or(case when ${since(30)} then 1 << type else 0 end)) as types from (${recent}) group by _id`
  const counted = allOf(
    when(sqlText`sent >= 3 and word & ${atom('opened 90')} = 0`, segment('never-opens')),
    when(sqlText`views >= 5`, segment('regular-visitors')),
    when(sqlText`types >= 4`, segment('many-channels')),
    when(sqlText`pricing >= 2`, atom('interested')),
  )
  return sqlText`select _id, word | ${atom('active 90')} | ${counted} from (${grouped})`
}
