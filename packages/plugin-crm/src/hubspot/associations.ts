// What objects are tied to, by batch reads.
import type { JsonObject } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import type { Session } from './session.js'

export interface Tie {
  readonly fromId: string
  readonly toId: string
  readonly labels: readonly string[]
  readonly isPrimary: boolean
}

export const idsAtOnce = 100
/** contact → its primary company, deal → its primary company (type ids of HubSpot; those of the account's own labels may be the same). */
const primaryTypes: ReadonlySet<number> = new Set([1, 5])

export async function readTies(session: Session, { from, to, ids }: { readonly from: string; readonly to: string; readonly ids: readonly string[] }): Promise<readonly Tie[]> {
  const found: Tie[] = []
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    let inputs: readonly JsonObject[] = ids.slice(at, at + idsAtOnce).map((id) => ({ id }))
    // An object with very many ties gives them page by page.
    while (inputs.length > 0) {
      const results = asList(asObject(await session.get({ method: 'POST', area: 'associations', path: `${from}/${to}/batch/read`, body: { inputs } }))['results'])
      for (const each of results) found.push(...toTies(each))
      inputs = results.flatMap((each) => { const after = asText(asObject(asObject(each['paging'])['next'])['after']); return after === '' ? [] : [{ id: asText(asObject(each['from'])['id']), after }] })
    }
  }
  return found
}

function toTies({ from, to }: JsonObject): readonly Tie[] {
  const fromId = asText(asObject(from)['id'])
  return asList(to).map((each): Tie => {
    const types = asList(each['associationTypes'])
    return { fromId, toId: asText(each['toObjectId']), labels: types.map((type) => asText(type['label'])).filter((label) => label !== ''), isPrimary: types.some((type) => type['category'] === 'HUBSPOT_DEFINED' && primaryTypes.has(Number(type['typeId']))) }
  })
}

/** The company of each object: the primary one, else the first. */
export function toCompanies(tied: readonly Tie[]): ReadonlyMap<string, string> {
  const companies = new Map<string, string>()
  for (const { fromId, toId, isPrimary } of tied) if (isPrimary || !companies.has(fromId)) companies.set(fromId, toId)
  return companies
}
