// The streams of a Marketo source with their mapping to the B2B entities.
// Source: Adobe Experience Platform, "Mapping fields for the Marketo Engage source"; the keys of companies and named accounts end
// with .mkto_org and .mkto_acct there, so that the two kinds of account cannot be mistaken for each other.
import type { JsonObject, JsonSchema, StreamSpec } from '@cdpkit/core/sdk'
import { type CrmLink, readCrm } from './options.js'

const text: JsonSchema = { type: 'string' }
const number: JsonSchema = { type: 'number' }
const flag: JsonSchema = { type: 'boolean' }
const id: JsonSchema = { type: ['integer', 'string'] }

const records = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema => ({ type: 'object', properties, required })
const texts = (...names: readonly string[]): Readonly<Record<string, JsonSchema>> => Object.fromEntries(names.map((each) => [each, text]))

/** A field that has the same name on both sides. */
const same = (...names: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(names.map((each) => [each, each]))

export function streamsOf(config: JsonObject): readonly StreamSpec[] {
  const crm = readCrm(config)
  return [people(crm), companies(crm), opportunities(crm), roles(), programs(crm), programMembers(), lists(), listMembers(), activities(), namedAccounts()]
}

// The record that a Marketo record is in the CRM: Marketo knows its id.
function crmKey(crm: CrmLink | undefined, expression: string): Readonly<Record<string, string>> {
  if (!crm) return {}
  const key = 'source' in crm ? `$sourceKey(${expression}, ${JSON.stringify(crm.source)})` : `($crm := ${expression}; $exists($crm) ? { "sourceKey": $crm & ${JSON.stringify(`@${crm.instance}.${crm.type}`)} })`
  return { externalKey: key }
}

// A contact is what it is in the CRM by its contact id, everybody else by the lead id.
const contactOrLead = '$exists(sfdcType) ? (sfdcType = "Contact" ? sfdcContactId : sfdcLeadId) : ($exists(sfdcContactId) ? sfdcContactId : ($exists(sfdcLeadId) ? sfdcLeadId : (msftType = "Contact" ? msftContactId : msftLeadId)))'

function people(crm: CrmLink | undefined): StreamSpec {
  return {
    name: 'people', description: 'Leads and contacts, with the fields that the mapping reads.', entity: 'person', key: 'id', cursor: 'updatedAt',
    schema: records({ id, email: text, createdAt: text, updatedAt: text, ecids: { type: 'array', items: text }, leadScore: number, unsubscribed: flag, contactCompany: id }, ['id']),
    map: {
      ...same('email', 'firstName', 'lastName', 'title', 'department', 'phone', 'city', 'state', 'country', 'postalCode', 'personType', 'leadSource', 'leadStatus', 'leadScore', 'unsubscribed', 'emailInvalid'),
      ecid: 'ecids[0]', mobile: 'mobilePhone', personStatus: 'leadStatus', personSource: 'leadSource', personGroup: 'leadPartitionId', companyName: 'company', companyWebsite: 'website',
      accountKey: '$exists(contactCompany) ? contactCompany & ".mkto_org"', isMarketingSuspended: 'marketingSuspended', isConverted: '$exists(sfdcContactId) and $exists(sfdcLeadId)',
      // Who has unsubscribed does not want mail; who has not, has said nothing.
      'consents.marketing.email': 'unsubscribed = true ? "n"',
      createdDate: 'createdAt', lastUpdatedDate: 'updatedAt',
      ...crmKey(crm, contactOrLead),
    },
  }
}

function companies(crm: CrmLink | undefined): StreamSpec {
  return {
    name: 'companies', description: 'The companies of people.', entity: 'account', key: 'id & ".mkto_org"',
    schema: records({ id, ...texts('company', 'industry', 'website', 'externalCompanyId', 'sfdcAccountId'), annualRevenue: number, numberOfEmployees: number }, ['id']),
    map: {
      name: 'company', employees: 'numberOfEmployees', phone: 'mainPhone', ...same('industry', 'website', 'site', 'annualRevenue', 'sicCode'),
      'billing.street': 'billingStreet', 'billing.city': 'billingCity', 'billing.state': 'billingState', 'billing.country': 'billingCountry', 'billing.postalCode': 'billingPostalCode',
      country: 'billingCountry', city: 'billingCity', state: 'billingState', createdDate: 'createdAt', lastUpdatedDate: 'updatedAt',
      // A natively synced Marketo tells the account with its people.
      ...crmKey(crm, '$exists(externalCompanyId) ? externalCompanyId : sfdcAccountId'),
    },
  }
}

function opportunities(crm: CrmLink | undefined): StreamSpec {
  return {
    name: 'opportunities', description: 'The opportunities that people have roles on.', entity: 'opportunity', key: 'externalOpportunityId',
    schema: records({ marketoGUID: text, externalOpportunityId: text, name: text, amount: number, isClosed: flag, isWon: flag }, ['externalOpportunityId']),
    map: {
      ...same('name', 'type', 'stage', 'amount', 'expectedRevenue', 'isClosed', 'isWon', 'probability', 'closeDate', 'fiscalYear', 'fiscalQuarter', 'nextStep', 'leadSource'), forecastCategory: 'forecastCategoryName',
      accountKey: '$exists(contactCompany) ? contactCompany & ".mkto_org"', createdDate: 'externalCreatedDate', lastUpdatedDate: 'updatedAt',
      ...crmKey(crm, 'externalOpportunityId'),
    },
  }
}

function roles(): StreamSpec {
  return {
    name: 'opportunity-roles', description: 'The roles of people on opportunities.', entity: 'opportunity-person', key: 'key',
    schema: records({ key: text, externalOpportunityId: text, leadId: id, role: text, isPrimary: flag }, ['key', 'externalOpportunityId', 'leadId']),
    map: { opportunityKey: 'externalOpportunityId', personKey: 'leadId', ...same('role', 'isPrimary'), lastUpdatedDate: 'updatedAt' },
  }
}

function programs(crm: CrmLink | undefined): StreamSpec {
  return {
    name: 'programs', description: 'Programs: what the CRM calls campaigns.', entity: 'campaign', key: 'id', cursor: 'updatedAt',
    schema: records({ id, ...texts('name', 'type', 'channel', 'status', 'updatedAt') }, ['id']),
    map: { ...same('name', 'type', 'status', 'channel', 'startDate', 'endDate'), lastUpdatedDate: 'updatedAt', ...crmKey(crm, 'sfdcId') },
  }
}

function programMembers(): StreamSpec {
  return {
    name: 'program-members', description: 'People in programs.', entity: 'campaign-member', key: 'key',
    schema: records({ key: text, programId: text, leadId: text, statusName: text, reachedSuccess: flag, membershipDate: text }, ['key', 'programId', 'leadId']),
    map: { campaignKey: 'programId', personKey: 'leadId', status: 'statusName', hasReachedSuccess: 'reachedSuccess', memberSince: 'membershipDate', lastUpdatedDate: 'updatedAt' },
  }
}

function lists(): StreamSpec {
  return {
    name: 'lists', description: 'Static lists.', entity: 'marketing-list', key: 'id',
    schema: records({ id, name: text, updatedAt: text }, ['id', 'name']),
    map: { ...same('name', 'description'), lastUpdatedDate: 'updatedAt' },
  }
}

function listMembers(): StreamSpec {
  return {
    name: 'list-members', description: 'People on static lists.', entity: 'list-member', key: 'key',
    schema: records({ key: text, listId: id, leadId: text, addedDate: text }, ['key', 'listId', 'leadId']),
    map: { listKey: 'listId', personKey: 'leadId', addedDate: 'addedDate' },
  }
}

const ofType = (types: string, expression: string): string => `activityTypeId in [${types}] ? ${expression}`

function activities(): StreamSpec {
  return {
    name: 'activities', description: 'The 26 standard activities and custom ones.', entity: 'event', key: 'marketoGUID', cursor: 'activityDate',
    schema: records({ marketoGUID: text, leadId: text, activityDate: text, activityTypeId: number, eventType: text, attributes: { type: 'object' } }, ['marketoGUID', 'leadId', 'activityDate', 'eventType']),
    map: {
      eventType: 'eventType', timestamp: 'activityDate', personKey: 'leadId', properties: 'attributes',
      listKey: ofType('24, 25', 'primaryAttributeValueId'), campaignKey: ofType('104, 113, 114, 115', 'primaryAttributeValueId'), opportunityKey: ofType('34, 35, 36', 'attributes.`External Opportunity Id`'),
      'web.url': ofType('1', 'attributes.`Webpage URL`'), 'web.page': ofType('1', 'primaryAttributeValue'), 'web.referrer': 'attributes.`Referrer URL`', 'web.linkName': ofType('3', 'primaryAttributeValue'),
      'message.subject': ofType('6, 7, 8, 9, 10, 11, 27', 'primaryAttributeValue'), 'message.link': ofType('11', 'attributes.Link'), 'form.name': ofType('2', 'primaryAttributeValue'),
      'score.name': ofType('22', 'primaryAttributeValue'), 'score.from': ofType('22', 'attributes.`Old Value`'), 'score.to': ofType('22', 'attributes.`New Value`'),
    },
  }
}

function namedAccounts(): StreamSpec {
  return {
    name: 'named-accounts', description: 'Named accounts of the lists that the config names, where the subscription has target account management.', entity: 'account', key: 'marketoGUID & ".mkto_acct"', optional: true,
    schema: records({ marketoGUID: text, name: text }, ['marketoGUID']),
    map: { ...same('name', 'industry', 'annualRevenue', 'city', 'state', 'country', 'sicCode'), employees: 'numberOfEmployees', domain: 'domainName', createdDate: 'createdAt', lastUpdatedDate: 'updatedAt' },
  }
}
