// What a connector is handed, made for tests: everything that a test does not name stands still or is silent.
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import type { BatchResult, ConnectorContext, ItemResult, JsonObject } from '../plugins/sdk.js'
import { testNow } from './a-store.js'

/** @example aContext({ url: 'https://x.example' }).config // { url: 'https://x.example' } */
export function aContext(config: JsonObject = {}, parts: Partial<ConnectorContext> = {}): ConnectorContext {
  const noNetwork = (): Promise<never> => Promise.reject(new Error('this test has no network'))
  return {
    config, http: { request: noNetwork, stream: noNetwork }, log: silentLog, clock: fixedClock(testNow), signal: new AbortController().signal, random: () => 0.5,
    pause: () => Promise.resolve(), hide: () => undefined, dryRun: false, folder: '/', ...parts,
  }
}

/** The results of a delivery that was answered at once. */
export function itemsOf(result: BatchResult): readonly ItemResult[] {
  if ('job' in result) throw new Error(`job ${result.job.id} has the results`)
  return result.items
}
