// Who should be in which audience, counted over the records of the (simulated) organization, with none of the product's code.
import type { Organization, Row } from '../../../test/simulators/salesforce/organization.js'

export type Audiences = ReadonlyMap<string, readonly string[]>

/** Names of people by audience. A converted lead is the contact that it became. */
export function expectedAudiences(organization: Organization, { enterpriseEmployees }: { readonly enterpriseEmployees: number }): Audiences {
  const rows = (object: string): readonly Row[] => [...organization.rows(object)].filter((each) => each['IsDeleted'] !== true)
  const [accounts, contacts, leads, deals, roles] = ['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityContactRole'].map(rows)
  const open = new Set(deals?.filter((each) => each['IsClosed'] === false).map((each) => each['Id']))
  const deciding = new Set(roles?.filter((each) => each['Role'] === 'Decision Maker' && open.has(each['OpportunityId'] ?? null)).map((each) => each['ContactId']))
  const selling = new Set(deals?.filter((each) => open.has(each['Id'] ?? null)).map((each) => each['AccountId']))
  const large = new Set(accounts?.filter((each) => Number(each['NumberOfEmployees'] ?? 0) >= enterpriseEmployees && selling.has(each['Id'] ?? null)).map((each) => each['Id']))
  const names = (people: readonly Row[] = []): readonly string[] => people.map((each) => `${String(each['FirstName'])} ${String(each['LastName'])}`).sort()
  return new Map([
    ['Open deal decision makers', names(contacts?.filter((each) => deciding.has(each['Id'] ?? null)))],
    ['enterprise-contacts', names(contacts?.filter((each) => large.has(each['AccountId'] ?? null) && each['HasOptedOutOfEmail'] !== true))],
    ['Leads at work', names(leads?.filter((each) => String(each['Status']).includes('Working') && each['IsConverted'] !== true))],
  ])
}

/** Who is in a campaign of the organization. */
export function campaignMembers(organization: Organization, name: string): readonly string[] {
  const campaign = [...organization.rows('Campaign')].find((each) => each['Name'] === name)?.['Id']
  const members = [...organization.rows('CampaignMember')].filter((each) => each['IsDeleted'] !== true && each['CampaignId'] === campaign)
  return members.map((each) => {
    const { row } = organization.get(String(each['ContactId'] ?? each['LeadId']))
    return `${String(row['FirstName'])} ${String(row['LastName'])}`
  }).sort()
}
