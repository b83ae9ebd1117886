// The stream `named-accounts`, where the subscription has target account management: accounts can only be listed through their lists.
import { isOwnedByCrm } from '../client/client.js'
import { positionPages } from '../client/pages.js'
import { asText } from '../client/wire.js'
import { maxBatch } from '../limits.js'
import { type ReadStream, checkpointOf, nowOf, upserts } from './reading.js'

export const readNamedAccounts: ReadStream = async function* (reading) {
  const { client, context } = reading
  const first = await client.ask({ path: '/rest/v1/namedAccountLists.json', query: { batchSize: '1' } })
  if (isOwnedByCrm(first)) {
    context.log.write('info', 'this Marketo subscription has no named accounts')
    return
  }
  for await (const lists of positionPages(client, { path: '/rest/v1/namedAccountLists.json', query: { batchSize: String(maxBatch) } })) {
    for (const list of lists) {
      for await (const page of positionPages(client, { path: `/rest/v1/namedAccountList/${asText(list['marketoGUID'])}/namedAccounts.json`, query: { batchSize: String(maxBatch) } })) yield upserts(page.map(({ seq: _seq, ...record }) => record))
    }
  }
  yield checkpointOf({ readTo: nowOf(reading) })
}
