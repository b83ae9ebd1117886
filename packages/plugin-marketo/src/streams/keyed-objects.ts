// Objects that can only be asked for by their keys, 300 in a call: companies, opportunities, roles.
import type { JsonObject } from '@cdpkit/core/sdk'
import { type MarketoClient, isOwnedByCrm, objectsOf, toError } from '../client/client.js'
import { asText, chunksOf } from '../client/wire.js'
import { maxBatch } from '../limits.js'

/** `owned`: the CRM that is synced into Marketo owns them, and Marketo gives none. */
export type Found = { readonly records: readonly JsonObject[] } | { readonly owned: string }

export async function* findByKey(client: MarketoClient, path: string, filterType: string, keys: readonly string[]): AsyncIterable<Found> {
  for (const chunk of chunksOf([...new Set(keys)], maxBatch)) {
    for (let token: string | undefined; ; ) {
      const answer = await client.ask({ path, query: { filterType, filterValues: chunk.join(','), batchSize: String(maxBatch), ...(token === undefined ? {} : { nextPageToken: token }) } })
      if (!answer.ok && isOwnedByCrm(answer)) { yield { owned: answer.message }; return }
      if (!answer.ok) throw toError(answer)
      yield { records: objectsOf(answer.result).map(({ seq: _seq, ...record }) => record) }
      token = answer.nextPageToken
      if (token === undefined) break
    }
  }
}

/** Values cannot hold a comma: there is no way to quote one. */
export function keysOf(records: readonly JsonObject[], field: string): readonly string[] {
  return records.map((each) => asText(each[field])).filter((each) => each !== '' && !each.includes(','))
}
