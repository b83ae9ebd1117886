// The fields of people in this instance, and the values of a bulk extract as REST would give them.
import type { Json, JsonObject } from '@cdpkit/core/sdk'
import type { MarketoClient } from '../client/client.js'
import { asList, asObject, asText } from '../client/wire.js'

export interface LeadFields {
  /** Data type by REST name. */
  readonly types: ReadonlyMap<string, string>
}

/** What people inherit from their company. */
export const inheritedFields = ['company', 'industry', 'website', 'mainPhone', 'sicCode', 'site', 'annualRevenue', 'numberOfEmployees', 'billingStreet', 'billingCity', 'billingState', 'billingCountry', 'billingPostalCode', 'externalCompanyId', 'sfdcAccountId'] as const
/** Whoever has other ones than before has another company, or a company that changed. */
export const companyFields: readonly string[] = ['contactCompany', ...inheritedFields]

export async function loadLeadFields(client: MarketoClient): Promise<LeadFields> {
  const { result } = await client.get({ path: '/rest/v1/leads/describe2.json' })
  const fields = asList(asObject(result[0])['fields']).map(asObject)
  return { types: new Map(fields.map((each) => [asText(each['name']), asText(each['dataType'])])) }
}

/** Those that are wanted and there, with the ones that every read needs; all when nothing says which are wanted. */
export function chooseFields({ types }: LeadFields, wanted: readonly string[] | undefined): { readonly fields: readonly string[]; readonly missing: readonly string[] } {
  const names = new Set([...(wanted ?? types.keys()), 'id', 'createdAt', 'updatedAt'])
  return { fields: [...names].filter((each) => types.has(each)), missing: [...names].filter((each) => !types.has(each)) }
}

const numbers: ReadonlySet<string> = new Set(['integer', 'score', 'currency', 'float', 'percent', 'reference'])

/** A row of a bulk extract: everything is text there, and the text null means that nothing is there. */
export function toLead(columns: readonly string[], row: readonly string[], { types }: LeadFields): JsonObject {
  const lead: Record<string, Json> = {}
  for (const [index, name] of columns.entries()) {
    const text = row[index]
    if (text === undefined || text === 'null' || text === '') continue
    lead[name] = toValue(text, types.get(name) ?? 'string')
  }
  return withEcids(lead)
}

function toValue(text: string, type: string): Json {
  if (numbers.has(type) && Number.isFinite(Number(text))) return Number(text)
  return type === 'boolean' ? text === 'true' || text === '1' : text
}

/** ECIDs as a list, in whichever form the instance gives them. */
export function withEcids(lead: JsonObject): JsonObject {
  const written = lead['ecids']
  if (written === undefined || written === null) return lead
  const list = typeof written === 'string' ? written.split(/[,;\s]+/) : asList(written).map(asText)
  return { ...lead, ecids: list.filter((each) => each !== '') }
}
