// The sample records of a Salesforce Developer Edition organization (data/PROVENANCE.md). The records are real; they hold no
// links between them, so these are made here: contacts and accounts by domain or e-mail name, opportunities by the words that
// their names begin with, roles and campaign members by a fixed rule.
import { readFileSync } from 'node:fs'
import type { Organization } from './organization.js'
import type { Value } from './soql.js'

type Wire = Readonly<Record<string, Value>>

const stamp = '2026-11-01T08:00:00.000Z'

/** Contacts whose e-mail domain is not the website's. */
const accountOfDomain: Readonly<Record<string, string>> = {
  'uog.com': 'United Oil & Gas Corp.', 'edge.com': 'Edge Communications', 'uoa.edu': 'University of Arizona', 'pyramid.net': 'Pyramid Construction Inc.', 'dickenson.com': 'Dickenson plc', 'expressl&t.net': 'Express Logistics and Transport',
  'burlington.com': 'Burlington Textiles Corp of America', 'genepoint.com': 'GenePoint', 'grandhotels.com': 'Grand Hotels & Resorts Ltd',
}

/** First words of the opportunities' names. */
const accountOfWords: readonly (readonly [string, string])[] = [
  ['Burlington', 'Burlington Textiles Corp of America'], ['Dickenson', 'Dickenson plc'], ['Edge', 'Edge Communications'], ['Express', 'Express Logistics and Transport'], ['GenePoint', 'GenePoint'],
  ['Grand Hotels', 'Grand Hotels & Resorts Ltd'], ['Pyramid', 'Pyramid Construction Inc.'], ['United Oil', 'United Oil & Gas Corp.'], ['University of AZ', 'University of Arizona'],
]

export interface Loaded {
  readonly accounts: ReadonlyMap<string, string>
  readonly contacts: ReadonlyMap<string, string>
  readonly leads: ReadonlyMap<string, string>
}

/** Loads the records; gives the ids of accounts by name and of people by last name. */
export function loadDeveloperEdition(organization: Organization): Loaded {
  const accounts = new Map<string, string>()
  for (const record of read('Account')) accounts.set(String(record['Name']), organization.add('Account', record, { stamp }))
  const corporation = accounts.get('United Oil & Gas Corp.') ?? null
  for (const name of ['United Oil & Gas, Singapore', 'United Oil & Gas, UK']) organization.update(accounts.get(name) ?? '', { ParentId: corporation }, { stamp })
  const contacts = loadContacts(organization, accounts)
  const leads = new Map(read('Lead').map((each) => [String(each['LastName']), organization.add('Lead', { ...each, HasOptedOutOfEmail: false }, { stamp })]))
  const opportunities = loadOpportunities(organization, accounts)
  loadRoles(organization, opportunities, contacts)
  loadCampaigns(organization, contacts, leads)
  return { accounts, contacts, leads }
}

function loadContacts(organization: Organization, accounts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(read('Contact').map((each) => {
    const account = accounts.get(accountOfDomain[String(each['Email'] ?? '').split('@')[1] ?? ''] ?? '') ?? null
    const id = organization.add('Contact', { ...each, AccountId: account, HasOptedOutOfEmail: false }, { stamp })
    if (account !== null) organization.add('AccountContactRelation', { AccountId: account, ContactId: id, IsDirect: true, IsActive: true, Roles: null }, { stamp })
    return [String(each['LastName']), id]
  }))
}

function loadOpportunities(organization: Organization, accounts: ReadonlyMap<string, string>): readonly { readonly id: string; readonly accountId: string | null }[] {
  return read('Opportunity').map((each) => {
    const name = String(each['Name'])
    const stage = String(each['StageName'])
    const accountId = accounts.get(accountOfWords.find(([words]) => name.startsWith(words))?.[1] ?? '') ?? null
    const values = { ...each, AccountId: accountId, IsClosed: stage.startsWith('Closed'), IsWon: stage === 'Closed Won', CurrencyIsoCode: 'USD' }
    return { id: organization.add('Opportunity', values, { stamp }), accountId }
  })
}

/** The first contact of an account decides, the second one evaluates. */
function loadRoles(organization: Organization, opportunities: readonly { readonly id: string; readonly accountId: string | null }[], contacts: ReadonlyMap<string, string>): void {
  for (const { id, accountId } of opportunities) {
    const people = [...contacts.values()].filter((each) => accountId !== null && organization.get(each).row['AccountId'] === accountId)
    people.slice(0, 2).forEach((contact, index) => organization.add('OpportunityContactRole', { OpportunityId: id, ContactId: contact, Role: index === 0 ? 'Decision Maker' : 'Evaluator', IsPrimary: index === 0 }, { stamp }))
  }
}

/** Leads are members of the webinar, contacts of the customer mailing. */
function loadCampaigns(organization: Organization, contacts: ReadonlyMap<string, string>, leads: ReadonlyMap<string, string>): void {
  const campaigns = read('Campaign').map((each) => ({ id: organization.add('Campaign', each, { stamp }), type: each['Type'] }))
  const idOf = (type: string): string => campaigns.find((each) => each.type === type)?.id ?? ''
  for (const id of leads.values()) organization.add('CampaignMember', { CampaignId: idOf('Webinar'), LeadId: id, LeadOrContactId: id, Status: 'Sent', HasResponded: false }, { stamp })
  for (const id of contacts.values()) organization.add('CampaignMember', { CampaignId: idOf('Direct Mail'), ContactId: id, LeadOrContactId: id, Status: 'Responded', HasResponded: true, FirstRespondedDate: '2026-10-20' }, { stamp })
}

function read(object: string): readonly Wire[] {
  const { records } = JSON.parse(readFileSync(new URL(`data/${object}.json`, import.meta.url), 'utf8')) as { readonly records: readonly (Wire & { readonly attributes?: unknown })[] }
  return records.map(({ attributes: _attributes, ...values }) => values)
}
