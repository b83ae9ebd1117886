// Invents the people and web events of the example, the same each time. Writes data/people and data/web.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { randomFrom } from './random-from.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
const asOfMs = Date.parse('2017-12-31T12:00:00.000Z')
const dayMs = 86_400_000

const firstNames = ['Ada', 'Bogdan', 'Chiara', 'Dimitri', 'Elif', 'Femi', 'Grace', 'Håkon', 'Inés', 'Jürgen', 'Kofi', 'Léa', 'Mei', 'Nikolaï', 'Oluwaseun', 'Priya', 'Quentin', 'Rania', 'Søren', 'Tomás', 'Uma', 'Věra', 'Wojciech', 'Xóchitl', 'Yuki', 'Zoë']
const lastNames = ['Andersson', 'Bąk', 'Castillo', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Haas', 'Ivanova', 'Jansen', 'Kowalski', 'Lindqvist', 'Müller', 'Nakamura', "O'Brien", 'Park', 'Quispe', 'Rossi', 'Šimek', 'Tanaka', 'Usman', 'Vasquez', 'Weiß', 'Xu', 'Yıldız', 'Zhang']
const departments = ['Marketing', 'Sales', 'Operations', 'Finance', 'IT', 'Procurement'] as const
const levels = [['C-Level', 'Chief {} Officer'], ['VP', 'VP {}'], ['Director', 'Director of {}'], ['Manager', '{} Manager'], ['Individual', '{} Specialist']] as const
const pages = ['home', 'products', 'pricing', 'docs', 'careers', 'blog'] as const

const random = randomFrom(20171231)
const below = (limit: number): number => Math.floor(random() * limit)
const one = <T>(list: readonly T[]): T => {
  const found = list[below(list.length)]
  if (found === undefined) throw new RangeError('empty list')
  return found
}
const timeBefore = (days: number): string => new Date(asOfMs - Math.floor(random() * days * dayMs)).toISOString()
const plain = (text: string): string => text.normalize('NFD').replaceAll(/[^\x20-\x7e]|[^A-Za-z0-9]/g, '').toLowerCase()

interface Contact {
  readonly id: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly department: string
  readonly seniority: string
  readonly title: string
  readonly account: string
  readonly country: string
  readonly doNotEmail: boolean
  readonly updated: string
}

function readCsv(file: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = readFileSync(`${folder}data/crm/${file}`, 'utf8').trim().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])))
}

const accounts = readCsv('accounts.csv')
const opportunities = readCsv('sales_pipeline.csv')

function makeContacts(): readonly Contact[] {
  const contacts: Contact[] = []
  for (const account of accounts) {
    const name = account['account'] ?? ''
    const count = 12 + below(24)
    for (let index = 0; index < count; index++) {
      const [firstName, lastName, department] = [one(firstNames), one(lastNames), one(departments)]
      const [seniority, pattern] = levels[Math.min(4, Math.floor(random() ** 0.6 * 5))] ?? levels[4]
      const id = `C${String(contacts.length + 1).padStart(5, '0')}`
      const email = random() < 0.04 ? '' : `${plain(firstName)}.${plain(lastName)}${String(contacts.length)}@${plain(name)}.example`
      contacts.push({ id, email, firstName, lastName, department, seniority, title: pattern.replace('{}', department), account: name, country: account['office_location'] ?? '', doNotEmail: random() < 0.08, updated: timeBefore(700) })
    }
  }
  return contacts
}

const contacts = makeContacts()

function contactsCsv(): string {
  const quoted = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = contacts.map((each) => [each.id, each.email, each.firstName, each.lastName, each.title, each.department, each.seniority, each.account, each.country, String(each.doNotEmail), each.updated].map(quoted).join(','))
  return `${['contact_id,email,first_name,last_name,title,department,seniority,account,country,do_not_email,updated_at', ...rows].join('\n')}\n`
}

/** The same address as somebody would type it. */
function retyped(email: string): string {
  const form = below(3)
  if (form === 0) return email.toUpperCase()
  return form === 1 ? ` ${email} ` : email.charAt(0).toUpperCase() + email.slice(1)
}

const leadEmails: string[] = []

function leadsJsonl(): string {
  const lines: string[] = []
  for (let index = 0; index < 900; index++) {
    const id = `L${String(index + 1).padStart(5, '0')}`
    const known = random() < 0.25 ? one(contacts) : undefined
    const email = known && known.email !== '' ? known.email : random() < 0.05 ? '' : `${plain(one(firstNames))}${String(index)}@${one(['mail', 'post', 'inbox'])}.example`
    if (email !== '') leadEmails.push(email)
    const department = one(departments)
    const [seniority, pattern] = one(levels)
    const name = known ? { firstName: known.firstName, lastName: known.lastName } : { firstName: one(firstNames), lastName: one(lastNames) }
    lines.push(JSON.stringify({ id, ...(email === '' ? {} : { email: known ? retyped(email) : email }), ...name, title: pattern.replace('{}', department), department, seniority, status: one(['New', 'Working', 'Nurturing', 'Qualified']), score: below(101), unsubscribed: random() < 0.1, updatedAt: timeBefore(400) }))
  }
  return `${lines.join('\n')}\n`
}

function rolesCsv(): string {
  const byAccount = new Map<string, Contact[]>()
  for (const each of contacts) byAccount.set(each.account, [...(byAccount.get(each.account) ?? []), each])
  const rows: string[] = []
  for (const opportunity of opportunities) {
    const people = byAccount.get(opportunity['account'] ?? '') ?? []
    const chosen = new Set(Array.from({ length: people.length === 0 ? 0 : 1 + below(2) }, () => one(people)))
    for (const [index, contact] of [...chosen].entries()) {
      const role = index === 0 ? one(['Decision Maker', 'Economic Buyer', 'Champion']) : one(['Influencer', 'Evaluator', 'User'])
      rows.push(`R${String(rows.length + 1).padStart(6, '0')},${opportunity['opportunity_id'] ?? ''},${contact.id},${role},${String(index === 0)}`)
    }
  }
  return `${['role_id,opportunity_id,contact_id,role,is_primary', ...rows].join('\n')}\n`
}

function eventsJsonl(): readonly string[] {
  const known = [...contacts.map((each) => each.email).filter((each) => each !== ''), ...leadEmails]
  const visitors = Array.from({ length: 2600 }, (_, index) => {
    const ecid = `7${String(index + 1).padStart(37, '0')}`
    const email = random() < 0.7 ? one(known) : undefined
    return { ecid, email, activity: 1 + Math.floor(random() ** 3 * 24) }
  })
  const all: (Readonly<Record<string, unknown>> & { readonly at: string })[] = []
  for (const { ecid, email, activity } of visitors) {
    // Who fills in a form says who the browser belongs to.
    if (email !== undefined) all.push({ at: timeBefore(180), type: 'web.formFilledOut', ecid, email, form: one(['demo', 'newsletter', 'whitepaper']) })
    for (let index = 0; index < activity; index++) all.push({ at: timeBefore(180), type: 'web.webpagedetails.pageViews', ecid, page: one(pages) })
  }
  for (const email of known.filter(() => random() < 0.15)) all.push({ at: timeBefore(180), type: 'webinar.attended', email, webinar: one(['Autumn release', 'Buying hardware in 2018']) })
  return [...all].sort((a, b) => (a.at < b.at ? -1 : 1)).map((each, index) => JSON.stringify({ id: `E${String(index + 1).padStart(6, '0')}`, ...each }))
}

export function generate(): Readonly<Record<string, string>> {
  const [people, leads, roles] = [contactsCsv(), leadsJsonl(), rolesCsv()]
  const events = eventsJsonl()
  const half = Math.ceil(events.length / 2)
  return {
    'people/contacts.csv': people,
    'people/leads.jsonl': leads,
    'people/opportunity_roles.csv': roles,
    'web/events-1.jsonl': `${events.slice(0, half).join('\n')}\n`,
    'web/events-2.jsonl': `${events.slice(half).join('\n')}\n`,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(generate())) {
    mkdirSync(`${folder}data/${file.split('/')[0] ?? ''}`, { recursive: true })
    writeFileSync(`${folder}data/${file}`, text)
  }
}
