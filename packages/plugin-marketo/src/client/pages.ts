// The three ways in which Marketo pages: by a position token (no token on the last page), by a date token (always a token; the end
// is where moreResult is false, and pages before it may be empty), and by an offset.
import type { JsonObject } from '@cdpkit/core/sdk'
import { type Call, type MarketoClient, objectsOf, toError } from './client.js'
import { asText } from './wire.js'

export async function* positionPages(client: MarketoClient, call: Call): AsyncIterable<readonly JsonObject[]> {
  for (let token: string | undefined; ; ) {
    const answer = await client.get({ ...call, query: { ...call.query, ...(token === undefined ? {} : { nextPageToken: token }) } })
    if (answer.result.length > 0) yield objectsOf(answer.result)
    token = answer.nextPageToken
    if (token === undefined) return
  }
}

/** The token of an instant, to begin with. */
export type TokenOf = (since: string) => Promise<string>

/** From an instant on. A token that Marketo does not take any more is replaced by one for the last activity that was seen. */
export async function* datePages(client: MarketoClient, call: Call, since: string, tokenOf: TokenOf = (from) => dateToken(client, from)): AsyncIterable<readonly JsonObject[]> {
  let last = since
  let token = await tokenOf(since)
  for (let replaced = false; ; ) {
    const answer = await client.ask({ ...call, query: { ...call.query, nextPageToken: token } })
    if (!answer.ok) {
      if (replaced || !['1001', '1003', '1002', '704'].includes(answer.code)) throw toError(answer)
      token = await dateToken(client, last)
      replaced = true
      continue
    }
    replaced = false
    const records = objectsOf(answer.result)
    if (records.length > 0) yield records
    last = asText(records.at(-1)?.['activityDate']) || last
    if (!answer.moreResult || answer.nextPageToken === undefined) return
    token = answer.nextPageToken
  }
}

export async function dateToken(client: MarketoClient, since: string): Promise<string> {
  const answer = await client.get({ path: '/rest/v1/activities/pagingtoken.json', query: { sinceDatetime: since }, timeoutMs: 310_000 })
  return answer.nextPageToken ?? ''
}

const assetsAtOnce = 200

/** Past its end an asset list has a warning and no result. */
export async function* offsetPages(client: MarketoClient, call: Call): AsyncIterable<readonly JsonObject[]> {
  for (let offset = 0; ; offset += assetsAtOnce) {
    const { result } = await client.get({ ...call, query: { ...call.query, offset: String(offset), maxReturn: String(assetsAtOnce) } })
    if (result.length > 0) yield objectsOf(result)
    if (result.length < assetsAtOnce) return
  }
}
