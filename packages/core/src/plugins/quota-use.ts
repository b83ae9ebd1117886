// What is used today of the daily limits that connectors declare, account by account.
import type { JsonObject } from '../kernel/json.js'
import { dayIn } from './days.js'
import { accountName } from './open-connector.js'
import type { QuotaLedger } from './quota-ledger.js'
import type { ConnectorSide, Limit } from './sdk.js'

export interface ConfiguredSide {
  /** The resource's name. */
  readonly name: string
  readonly connector: string
  readonly side: ConnectorSide & { readonly capabilities: { readonly limits: readonly Limit[] } }
  readonly config: JsonObject
}

export interface QuotaUse {
  readonly name: string
  readonly used: number
  readonly limit: number
}

/** One per account and day's limit; the first resource of an account gives its name. */
export async function readQuotaUse(sides: readonly ConfiguredSide[], ledger: QuotaLedger, nowMs: number): Promise<readonly QuotaUse[]> {
  const found = new Map<string, QuotaUse>()
  for (const { name, connector, side, config } of sides) {
    const account = accountName(connector, side, config)
    if (account === undefined) continue
    for (const limit of side.limitsOf?.(config) ?? side.capabilities.limits) {
      if (!('requests' in limit) || limit.per !== '1d' || found.has(account)) continue
      found.set(account, { name, used: await ledger.used(account, dayIn(limit.timeZone ?? 'UTC', nowMs)), limit: limit.requests })
    }
  }
  return [...found.values()]
}
