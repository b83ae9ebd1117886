// The mapping pack of Dynamics 365: tables → B2B entities. Facts: Adobe, "Microsoft Dynamics source" field mappings (fact sheet,
// section 7). Options are kept as their numbers, because labels are in the language of the user; `<column>_name` is the label.
import type { StreamSpec } from '@cdpkit/core/sdk'

type Map = Readonly<Record<string, string>>

const times: Map = { createdDate: 'createdon', lastUpdatedDate: 'modifiedon' }
const place: Map = { city: 'address1_city', state: 'address1_stateorprovince', country: 'address1_country' }

const someone: Map = {
  email: 'emailaddress1', firstName: 'firstname', lastName: 'lastname', title: 'jobtitle', phone: 'telephone1', mobile: 'mobilephone', doNotEmail: 'donotemail', unsubscribed: 'donotbulkemail',
  postalCode: 'address1_postalcode', ...place, ...times,
}

const stream = (name: string, entity: string, key: string, map: Map, more: Partial<StreamSpec> = {}): StreamSpec => ({ name, entity, key, schema: { type: 'object' }, map, ...more })

export const streams: readonly StreamSpec[] = [
  stream('account', 'account', 'accountid', {
    name: 'name', accountNumber: 'accountnumber', phone: 'telephone1', website: 'websiteurl', domain: '$exists(websiteurl) ? $replace($substringBefore($replace($lowercase($trim(websiteurl)), /^https?:\\/\\//, ""), "/"), /^www\\./, "")',
    industry: '$string(industrycode)', annualRevenue: 'revenue', employees: 'numberofemployees', sicCode: 'sic', parentKey: '_parentaccountid_value', owner: '_ownerid_value', ...place,
    'billing.street': 'address1_line1', 'billing.city': 'address1_city', 'billing.state': 'address1_stateorprovince', 'billing.postalCode': 'address1_postalcode', 'billing.country': 'address1_country', ...times,
  }),
  stream('contact', 'person', 'contactid', { ...someone, personType: '"Contact"', department: 'department', birthDate: 'birthdate', accountKey: '_parentcustomerid_value_type = "account" ? _parentcustomerid_value' }),
  // A lead that was qualified names the contact that it became.
  stream('lead', 'person', 'leadid', {
    ...someone, personType: '"Lead"', companyName: 'companyname', companyWebsite: 'websiteurl', leadStatus: '$string(statecode)', leadSource: '$string(leadsourcecode)', isConverted: 'statecode = 1',
    convertedContactKey: 'statecode = 1 ? _parentcontactid_value', accountKey: '_parentaccountid_value',
  }),
  stream('opportunity', 'opportunity', 'opportunityid', {
    name: 'name', stage: 'stepname', amount: 'actualvalue', expectedRevenue: 'estimatedvalue', currency: '_transactioncurrencyid_value_code', probability: 'closeprobability',
    isClosed: 'statecode != 0', isWon: 'statecode = 1', closeDate: '$exists(actualclosedate) ? actualclosedate : estimatedclosedate', owner: '_ownerid_value',
    accountKey: '_customerid_value_type = "account" ? _customerid_value : _parentaccountid_value', campaignKey: '_campaignid_value', ...times,
  }),
  // Every connection is stored twice, once from each side: the row that starts at the opportunity is the one.
  stream('connection', 'opportunity-person', 'connectionid', { opportunityKey: '_record1id_value', personKey: '_record2id_value', role: '$exists(_record2roleid_value_name) ? _record2roleid_value_name : _record1roleid_value_name', active: 'statecode = 0', lastUpdatedDate: 'modifiedon' }, {
    deletedWhen: '$not(_record1id_value_type = "opportunity" and _record2id_value_type in ["contact", "lead"])',
  }),
  stream('campaign', 'campaign', 'campaignid', { name: 'name', type: '$string(typecode)', status: '$string(statuscode)', startDate: 'actualstart', endDate: 'actualend', budgetedCost: 'budgetedcost', actualCost: 'totalactualcost', isActive: 'statecode = 0', lastUpdatedDate: 'modifiedon' }),
  stream('list', 'marketing-list', 'listid', { name: 'listname', description: 'description', lastUpdatedDate: 'modifiedon' }),
  stream('listmember', 'list-member', 'listmemberid', { listKey: '_listid_value', personKey: '_entityid_value', addedDate: 'createdon' }, { deletedWhen: '_entityid_value_type = "account"' }),
]
