// Who should be on which list, counted over what the (simulated) Marketo and Salesforce hold, with none of the product's code.
import type { Lead, MarketoInstance } from '../../../test/simulators/marketo/instance.js'
import type { Organization, Row } from '../../../test/simulators/salesforce/organization.js'

export interface Systems {
  readonly marketo: MarketoInstance
  readonly organization: Organization
  readonly nowMs: number
}

const monthMs = 30 * 86_400_000
const visited = 1
const filledOut = 2

/** Names of people by list. */
export function expectedAudiences({ marketo, organization, nowMs }: Systems, { enterpriseEmployees }: { readonly enterpriseEmployees: number }): ReadonlyMap<string, readonly string[]> {
  const rows = (object: string): readonly Row[] => [...organization.rows(object)].filter((each) => each['IsDeleted'] !== true)
  const open = rows('Opportunity').filter((each) => each['IsClosed'] === false)
  const deals = new Set(open.map((each) => each['Id']))
  const selling = new Set(open.map((each) => each['AccountId']))
  const deciding = new Set(rows('OpportunityContactRole').filter((each) => each['Role'] === 'Decision Maker' && deals.has(each['OpportunityId'] ?? null)).map((each) => each['ContactId']))
  const large = new Set(rows('Account').filter((each) => Number(each['NumberOfEmployees'] ?? 0) >= enterpriseEmployees && selling.has(each['Id'] ?? null)).map((each) => each['Id']))
  const times = ({ id }: Lead, typeId: number): number => marketo.activities.filter((each) => each.leadId === id && each.typeId === typeId && each.atMs > nowMs - monthMs).length
  const fieldOf = ({ fields }: Lead, name: string): string => String(fields[name] ?? '')
  const whoever = (isWanted: (lead: Lead) => boolean): readonly string[] => namesOf([...marketo.leads.values()].filter(isWanted))
  return new Map([
    ['Open deal decision makers', whoever((each) => deciding.has(fieldOf(each, 'sfdcContactId')))],
    ['Enterprise visitors', whoever((each) => large.has(fieldOf(each, 'sfdcAccountId')) && times(each, visited) > 0 && each.fields['unsubscribed'] !== true)],
    ['Hot engagers', whoever((each) => times(each, filledOut) >= 2 || Number(each.fields['leadScore'] ?? 0) >= 80)],
  ])
}

/** Who is on a static list. */
export function listMembers(marketo: MarketoInstance, name: string): readonly string[] {
  const list = [...marketo.lists.values()].find((each) => each.name === name)
  return namesOf([...(list?.members.keys() ?? [])].flatMap((each) => marketo.leads.get(each) ?? []))
}

function namesOf(leads: readonly Lead[]): readonly string[] {
  return leads.map(({ fields }) => `${String(fields['firstName'])} ${String(fields['lastName'])}`)
}
