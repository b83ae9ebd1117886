// Whether the credentials work and the API user may read people: one call that changes nothing.
import { type CheckResult, isConnectorError } from '@cdpkit/core/sdk'
import { type MarketoClient, toError } from './client/client.js'

export async function checkAccess(client: MarketoClient): Promise<CheckResult> {
  try {
    const answer = await client.ask({ path: '/rest/v1/leads/describe2.json' })
    if (!answer.ok) throw toError(answer)
    return { ok: true }
  } catch (error) {
    if (!isConnectorError(error)) throw error
    const pointer = error.code === 'connector/access' ? '/clientSecret' : error.code === 'http/no-answer' || error.code === 'http/timeout' ? '/munchkinId' : undefined
    return { ok: false, reason: error.message, hint: error.help, ...(pointer === undefined ? {} : { pointer }) }
  }
}
