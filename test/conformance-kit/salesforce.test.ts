// Salesforce, source and destination, conforms against its simulator: small reads as queries, larger ones as bulk jobs.
import { type ConformanceSetup, type Side, type TestRecord, connectorConformance } from '../../packages/core/src/testing/index.js'
import { salesforceConnector } from '../../packages/plugin-crm/src/salesforce/connector.js'
import { clockOf } from '../simulators/clock.js'
import { type SalesforceSimulator, startSalesforce } from '../simulators/salesforce/simulator.js'
import { emailOf, person } from './people.js'

const clientSecret = 'consumer-secret-of-the-kit'
const old = { stamp: '2026-10-01T06:00:00.000Z' }

connectorConformance(salesforceConnector, async (side): Promise<ConformanceSetup> => {
  const salesforce = await startSalesforce({ clientSecret, queryRows: 3, bulkRows: 2, dailyCalls: 100_000 })
  const contacts = fill(salesforce)
  const config = { loginUrl: salesforce.url, clientId: 'client', clientSecret: { fromEnv: 'SF_SECRET' } }
  const change = (): TestRecord => { salesforce.organization.update(contacts[1] ?? '', { Title: 'CEO' }); return { stream: 'Contact', key: contacts[1] ?? '' } }
  const remove = (): TestRecord => { salesforce.organization.remove(contacts[2] ?? ''); return { stream: 'Contact', key: contacts[2] ?? '' } }
  return {
    config: side === 'source' ? { ...config, bulkAbove: 4 } : { ...config, as: 'campaign', instance: 'crm' },
    secrets: { SF_SECRET: clientSecret },
    badConfigs: badConfigs(salesforce, side),
    clock: clockOf(salesforce.http), server: { change, delete: remove, addText: (text) => ({ stream: 'Contact', key: salesforce.organization.add('Contact', { LastName: text }) }) },
    known: contacts.slice(0, 3).map((each, index) => person(index + 1, { sourceKeys: [`${each}@crm.Salesforce`], payload: {} })), refused: person(99), close: () => salesforce.close(),
  }
})

function badConfigs({ url }: SalesforceSimulator, side: Side): NonNullable<ConformanceSetup['badConfigs']> {
  const more = side === 'source' ? {} : { as: 'campaign' }
  return [
    { config: { loginUrl: url, clientId: 'client', clientSecret: 'of-nobody', ...more }, pointer: '/clientSecret' },
    { config: { loginUrl: url, clientId: 'nobody', clientSecret, ...more }, pointer: '/clientId' },
    { config: { loginUrl: url, clientId: 'client', username: 'x', privateKey: 'no key', ...more }, pointer: '/privateKey' },
    { config: { loginUrl: 'http://127.0.0.1:9', clientId: 'client', clientSecret, ...more }, pointer: '/loginUrl' },
  ]
}

function fill({ organization }: SalesforceSimulator): readonly string[] {
  const account = organization.add('Account', { Name: 'Acme "GmbH",\nBonn' }, old)
  const contacts = [1, 2, 3, 4, 5, 6, 7].map((each) => organization.add('Contact', { AccountId: account, Email: emailOf(each), LastName: `Ünï ${String(each)}` }, old))
  organization.add('Lead', { LastName: 'Lead', Company: 'Acme' }, old)
  const opportunity = organization.add('Opportunity', { AccountId: account, Name: 'Deal', Amount: 12.5 }, old)
  organization.add('OpportunityContactRole', { OpportunityId: opportunity, ContactId: contacts[0] ?? '', Role: 'Buyer' }, old)
  const campaign = organization.add('Campaign', { Name: 'Spring' }, old)
  organization.add('CampaignMember', { CampaignId: campaign, ContactId: contacts[0] ?? '', Status: 'Sent' }, old)
  return contacts
}
