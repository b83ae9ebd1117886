// The mapping pack of HubSpot: object types, and the associations between them, → B2B entities. All of its values are texts, and
// a text that is empty is nothing; every field can be mapped otherwise in the project.
import type { StreamSpec } from '@cdpkit/core/sdk'

type Map = Readonly<Record<string, string>>

const place: Map = { city: 'city', state: 'state', country: 'country' }
const stream = (name: string, entity: string, map: Map, more: Partial<StreamSpec> = {}): StreamSpec => ({ name, entity, key: 'id', schema: { type: 'object' }, map, ...more })

/** Streams whose records are ties between two objects: `<from>-<to>`. */
export const ties = /^([A-Za-z0-9_]+)-([A-Za-z0-9_]+)$/

export const streams: readonly StreamSpec[] = [
  stream('companies', 'account', {
    name: 'name', website: 'website', domain: 'domain', industry: 'industry', employees: 'numberofemployees', annualRevenue: 'annualrevenue', phone: 'phone', ...place,
    'billing.street': 'address', 'billing.city': 'city', 'billing.state': 'state', 'billing.postalCode': 'zip', 'billing.country': 'country',
    parentKey: 'hs_parent_company_id', owner: 'hubspot_owner_id', createdDate: 'createdate', lastUpdatedDate: 'hs_lastmodifieddate',
  }),
  stream('contacts', 'person', {
    email: 'email', firstName: 'firstname', lastName: 'lastname', title: 'jobtitle', phone: 'phone', mobile: 'mobilephone', postalCode: 'zip', ...place,
    // What HubSpot calls a lead is a stage in the life of a contact.
    personType: 'lifecyclestage in ["subscriber", "lead", "marketingqualifiedlead"] ? "Lead" : "Contact"', personStatus: 'lifecyclestage', leadStatus: 'hs_lead_status', unsubscribed: 'hs_email_optout',
    accountKey: 'associatedcompanyid', createdDate: 'createdate', lastUpdatedDate: 'lastmodifieddate',
  }),
  stream('deals', 'opportunity', {
    name: 'dealname', type: 'dealtype', stage: 'dealstage', amount: 'amount', currency: 'deal_currency_code', probability: '$exists(hs_deal_stage_probability) ? $number(hs_deal_stage_probability) * 100',
    isClosed: 'hs_is_closed', isWon: 'hs_is_closed_won', closeDate: 'closedate', owner: 'hubspot_owner_id', accountKey: 'companyId', createdDate: 'createdate', lastUpdatedDate: 'hs_lastmodifieddate',
  }),
  stream('deals-contacts', 'opportunity-person', { opportunityKey: 'fromId', personKey: 'toId', role: 'labels[0]' }),
  stream('contacts-companies', 'account-person', { personKey: 'fromId', accountKey: 'toId', roles: 'labels', isPrimary: 'isPrimary' }),
]
