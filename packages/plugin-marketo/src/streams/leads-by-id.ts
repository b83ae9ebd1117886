// People by their ids, 300 in a call. What Marketo does not find is not there any more.
import type { JsonObject } from '@cdpkit/core/sdk'
import { asId, chunksOf } from '../client/wire.js'
import { positionPages } from '../client/pages.js'
import { maxBatch } from '../limits.js'
import { withEcids } from './lead-fields.js'
import type { Reading } from './reading.js'

export interface FoundLeads {
  readonly leads: readonly JsonObject[]
  readonly missing: readonly number[]
}

export async function* leadsById({ client }: Pick<Reading, 'client'>, ids: readonly number[], fields: readonly string[]): AsyncIterable<FoundLeads> {
  for (const chunk of chunksOf([...new Set(ids)], maxBatch)) {
    const leads: JsonObject[] = []
    for await (const page of positionPages(client, { path: '/rest/v1/leads.json', query: { filterType: 'id', filterValues: chunk.join(','), fields: fields.join(','), batchSize: String(maxBatch) } })) leads.push(...page.map(withEcids))
    const found = new Set(leads.map((each) => asId(each['id'])))
    yield { leads, missing: chunk.filter((each) => !found.has(each)) }
  }
}
