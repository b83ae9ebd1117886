// What a Marketo instance allows (docs/guide/marketo.md): all integrations of an instance share these, so each takes half unless it is
// told otherwise; what asks for more than there is breaches a guardrail (guardrails/).
// Source: Adobe, "Marketo Integration Best Practices": 100 calls in 20 seconds, 10 at once; advice for one integration: 50 and 5.
import type { JsonObject, Limit } from '@cdpkit/core/sdk'

/** Marketo counts a day by the clock of Chicago ("00:00 CST"). */
const timeZone = 'America/Chicago'

export function limitsOf(config: JsonObject): readonly Limit[] {
  const { callsPer20s = 50, dailyCalls = 50_000, concurrentCalls = 5 } = config as { readonly callsPer20s?: number; readonly dailyCalls?: number; readonly concurrentCalls?: number }
  return [
    { requests: callsPer20s, per: '20s', scope: 'account' },
    { requests: dailyCalls, per: '1d', scope: 'account', timeZone },
    { concurrency: concurrentCalls, scope: 'account' },
  ]
}

export const limits: readonly Limit[] = limitsOf({})

/** Records or ids in one call of the Lead Database. */
export const maxBatch = 300

/** Connectors of one instance share its limits. */
export function accountOf({ munchkinId }: JsonObject): string {
  return typeof munchkinId === 'string' ? munchkinId.toUpperCase() : ''
}
