// The mapping pack of Salesforce: streams → B2B entities. Facts: Adobe, "Salesforce CRM source" field mappings (fact sheet,
// section 7); every field can be mapped otherwise in the project.
import type { StreamSpec } from '@cdpkit/core/sdk'

type Map = Readonly<Record<string, string>>

const address = (prefix: string, from: string): Map => Object.fromEntries(['street', 'city', 'state', 'postalCode', 'country'].map((part) => [`${prefix}.${part}`, `${from}${part.charAt(0).toUpperCase()}${part.slice(1)}`]))
const times: Map = { createdDate: 'CreatedDate', lastUpdatedDate: 'LastModifiedDate' }

const account: Map = {
  name: 'Name', accountNumber: 'AccountNumber', site: 'Site', accountType: 'Type', ownership: 'Ownership', phone: 'Phone', website: 'Website',
  domain: '$exists(Website) ? $replace($substringBefore($replace($lowercase($trim(Website)), /^https?:\\/\\//, ""), "/"), /^www\\./, "")',
  industry: 'Industry', annualRevenue: 'AnnualRevenue', employees: 'NumberOfEmployees', yearEstablished: 'YearStarted', sicCode: 'Sic', naicsCode: 'NaicsCode', duns: 'DunsNumber',
  country: 'BillingCountry', city: 'BillingCity', state: 'BillingState', ...address('billing', 'Billing'), ...address('shipping', 'Shipping'),
  parentKey: 'ParentId', owner: 'OwnerId', ...times,
}

const someone: Map = {
  email: 'Email', phone: 'Phone', mobile: 'MobilePhone', firstName: 'FirstName', lastName: 'LastName', title: 'Title', leadSource: 'LeadSource', unsubscribed: 'HasOptedOutOfEmail', ...times,
}

const contact: Map = {
  ...someone, personType: '"Contact"', department: 'Department', birthDate: 'Birthdate', accountKey: 'AccountId',
  country: 'MailingCountry', state: 'MailingState', city: 'MailingCity', postalCode: 'MailingPostalCode',
}

// A lead has no account: after its conversion the contact has it, and both are one person by the contact's key.
const lead: Map = {
  ...someone, personType: '"Lead"', leadStatus: 'Status', companyName: 'Company', companyWebsite: 'Website', country: 'Country', state: 'State', city: 'City', postalCode: 'PostalCode',
  isConverted: 'IsConverted', convertedDate: 'ConvertedDate', convertedContactKey: 'ConvertedContactId',
}

const opportunity: Map = {
  name: 'Name', type: 'Type', stage: 'StageName', amount: 'Amount', currency: 'CurrencyIsoCode', expectedRevenue: 'ExpectedRevenue', isClosed: 'IsClosed', isWon: 'IsWon', probability: 'Probability',
  closeDate: 'CloseDate', forecastCategory: 'ForecastCategoryName', fiscalYear: 'FiscalYear', fiscalQuarter: 'FiscalQuarter', nextStep: 'NextStep', leadSource: 'LeadSource', owner: 'OwnerId',
  accountKey: 'AccountId', campaignKey: 'CampaignId', ...times,
}

const changed = { lastUpdatedDate: 'LastModifiedDate' }

const stream = (name: string, entity: string, map: Map, more: Partial<StreamSpec> = {}): StreamSpec => ({ name, entity, key: 'Id', schema: { type: 'object' }, map, ...more })

export const streams: readonly StreamSpec[] = [
  stream('Account', 'account', account),
  stream('Contact', 'person', contact),
  stream('Lead', 'person', lead),
  stream('Opportunity', 'opportunity', opportunity),
  stream('OpportunityContactRole', 'opportunity-person', { opportunityKey: 'OpportunityId', personKey: 'ContactId', role: 'Role', isPrimary: 'IsPrimary', ...changed }),
  stream('AccountContactRelation', 'account-person', {
    accountKey: 'AccountId', personKey: 'ContactId', roles: '$exists(Roles) ? $split(Roles, ";")', isDirect: 'IsDirect', isActive: 'IsActive', since: 'StartDate', endDate: 'EndDate', ...changed,
  }, { optional: true, description: 'There only with "Contacts to Multiple Accounts".' }),
  stream('Campaign', 'campaign', { name: 'Name', type: 'Type', status: 'Status', startDate: 'StartDate', endDate: 'EndDate', actualCost: 'ActualCost', budgetedCost: 'BudgetedCost', isActive: 'IsActive', parentKey: 'ParentId', ...changed }),
  // After a conversion a member names the lead and the contact: they are one person.
  stream('CampaignMember', 'campaign-member', { campaignKey: 'CampaignId', personKey: '$exists(ContactId) ? ContactId : LeadId', status: 'Status', hasResponded: 'HasResponded', firstRespondedDate: 'FirstRespondedDate', memberSince: 'CreatedDate', ...changed }),
]
