// When the history of an instance begins: its first people have the lowest ids; if they are gone, the activities that tell new
// people are kept for ever.
import { type MarketoClient } from '../client/client.js'
import { datePages } from '../client/pages.js'
import { asText } from '../client/wire.js'
import { maxBatch } from '../limits.js'

/** Marketo began in 2006. */
const beginning = '2006-01-01T00:00:00Z'
const newLead = '12'

export async function findOldest(client: MarketoClient): Promise<string> {
  const first = Array.from({ length: maxBatch }, (_, index) => index + 1).join(',')
  const { result } = await client.get({ path: '/rest/v1/leads.json', query: { filterType: 'id', filterValues: first, fields: 'createdAt', batchSize: String(maxBatch) } })
  const times = result.map((each) => asText((each as { readonly createdAt?: string }).createdAt)).filter((each) => each !== '').sort()
  if (times[0] !== undefined) return times[0]
  for await (const [oldest] of datePages(client, { path: '/rest/v1/activities.json', query: { activityTypeIds: newLead } }, beginning)) {
    const at = asText(oldest?.['activityDate'])
    if (at !== '') return at
  }
  return beginning
}
