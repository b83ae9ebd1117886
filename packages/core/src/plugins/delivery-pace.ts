// How fast a destination can be served: the batch size and the limits that its connector declares.
import { type JsonObject, isJsonObject } from '../kernel/json.js'
import type { DestinationCapabilities, Limit } from './sdk.js'
import { windowMs } from './window-ms.js'

const commonBatch = 100

/** Records in one request: what the configuration says, never more than the connector takes. */
export function batchSizeOf(config: JsonObject, { maxBatch, usualBatch = commonBatch }: Pick<DestinationCapabilities, 'maxBatch' | 'usualBatch'>): number {
  const batch = config['batch']
  const written = isJsonObject(batch ?? null) ? (batch as JsonObject)['maxRecords'] : undefined
  return Math.min(typeof written === 'number' ? written : usualBatch, maxBatch)
}

/** A request with its answer; nobody declares that, and a plan needs a number. */
const secondsPerRequest = 0.25

/**
 * Seconds that so many requests take when nothing else uses the account: the slowest of the declared windows, or the requests
 * themselves.
 * @example secondsFor(250, [{ requests: 100, per: '20s', scope: 'account' }]) // 62.5: the requests themselves take longer than the two full windows
 */
export function secondsFor(requests: number, limits: readonly Limit[]): number {
  const windows = limits.flatMap((each) => ('requests' in each ? [Math.floor(Math.max(0, requests - 1) / each.requests) * windowMs[each.per] / 1000] : []))
  return Math.max(requests * secondsPerRequest, ...windows)
}
