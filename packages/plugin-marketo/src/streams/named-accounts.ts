// The stream `named-accounts`, where the subscription has target account management. Marketo lists neither named accounts nor the lists
// of them: the project names the lists, and their members are read as a whole each time.
import { type JsonObject, connectorError } from '@cdpkit/core/sdk'
import { isOwnedByCrm, toError } from '../client/client.js'
import { positionPages } from '../client/pages.js'
import { asList, asObject, asText, chunksOf } from '../client/wire.js'
import { maxBatch } from '../limits.js'
import { type ReadStream, type Reading, checkpointOf, nowOf, upserts } from './reading.js'

export const readNamedAccounts: ReadStream = async function* (reading) {
  const { client, context, request } = reading
  const names = asList(request.config['lists']).map(asText)
  if (names.length === 0) throw connectorError('config', { reason: 'Marketo does not tell which lists of named accounts there are', hint: 'Name them in the project, as lists in the config of the stream named-accounts.' })
  const described = await client.ask({ path: '/rest/v1/namedaccounts/describe.json' })
  if (isOwnedByCrm(described)) {
    context.log.write('info', 'this Marketo subscription has no named accounts')
    return
  }
  if (!described.ok) throw toError(described)
  const known = asList(asObject(described.result[0])['fields']).map((each) => asText(asObject(each)['name']))
  // Of fields that are not asked for only the name comes.
  const fields = known.filter((each) => request.fields?.includes(each) ?? true).join(',')
  yield { everything: 'begins' }
  for (const id of await listIds(reading, names)) {
    for await (const page of positionPages(client, { path: `/rest/v1/namedAccountList/${id}/namedAccounts.json`, query: { fields, batchSize: String(maxBatch) } })) yield upserts(page.map(withoutPlace))
  }
  yield { everything: 'ends' }
  yield checkpointOf({ readTo: nowOf(reading) })
}

async function listIds({ client }: Reading, names: readonly string[]): Promise<readonly string[]> {
  const found = new Map<string, string>()
  for (const chunk of chunksOf(names, maxBatch)) {
    for await (const page of positionPages(client, { path: '/rest/v1/namedAccountLists.json', query: { filterType: 'dedupeFields', filterValues: chunk.join(','), batchSize: String(maxBatch) } })) {
      for (const each of page) found.set(asText(each['name']).toLowerCase(), asText(each['marketoGUID']))
    }
  }
  const missing = names.filter((each) => !found.has(each.toLowerCase()))
  if (missing.length > 0) throw connectorError('config', { reason: `Marketo has no list of named accounts called ${missing.join(', ')}`, hint: 'Correct lists in the config of the stream named-accounts.' })
  return [...found.values()]
}

function withoutPlace({ seq: _seq, ...record }: JsonObject): JsonObject {
  return record
}
