// Whether the credentials work and the API user may read people: one call that changes nothing.
import { type CheckResult, type JsonObject, toCheckResult } from '@cdpkit/core/sdk'
import { type MarketoClient, toError } from './client/client.js'

export function checkAccess(client: MarketoClient): Promise<CheckResult> {
  const { config } = client.context
  const { identityUrl, restUrl } = client.options
  return toCheckResult(async () => {
    const answer = await client.ask({ path: '/rest/v1/leads/describe2.json' })
    if (!answer.ok) throw toError(answer)
  }, { [toBlame('identityUrl', config)]: identityUrl, [toBlame('restUrl', config)]: restUrl })
}

/** Addresses that are not written come from the Munchkin id. */
function toBlame(address: string, config: JsonObject): string {
  return config[address] === undefined ? '/munchkinId' : `/${address}`
}
