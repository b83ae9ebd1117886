// Who is new or changed since an instant, as Marketo's lead changes tell it.
import { datePages } from '../client/pages.js'
import { asId } from '../client/wire.js'
import type { Reading } from './reading.js'

/** Ids of people who are new, or of whom a field that we read has changed. */
export async function changedLeads({ client }: Reading, from: string, fields: readonly string[]): Promise<Set<number>> {
  const ids = new Set<number>()
  for await (const page of datePages(client, { path: '/rest/v1/activities/leadchanges.json', query: { fields: fields.join(',') } }, from)) {
    for (const each of page) ids.add(asId(each['leadId']) ?? 0)
  }
  ids.delete(0)
  return ids
}
