// Objects of an answer → changes: properties that are there, under their names; who is archived; who became part of another one.
import type { Change, JsonObject } from '@cdpkit/core/sdk'
import { asObject, asText, present } from '../answer.js'

/** The ids of objects that were merged into this one. */
const mergedIds = 'hs_merged_object_ids'

export function toChanges(object: JsonObject, companies?: ReadonlyMap<string, string>): readonly Change[] {
  const id = asText(object['id'])
  if (object['archived'] === true) return [{ op: 'delete', key: id }]
  const properties = asObject(object['properties'])
  const company = companies?.get(id)
  const record = { ...Object.fromEntries(Object.entries(present(properties, (name) => name === mergedIds)).sort(([a], [b]) => (a < b ? -1 : 1))), id, ...(company === undefined ? {} : { companyId: company }) }
  const merged = asText(properties[mergedIds]).split(';').filter((each) => each !== '' && each !== id)
  return [{ op: 'upsert', record }, ...merged.map((key): Change => ({ op: 'merge', key, into: id }))]
}
