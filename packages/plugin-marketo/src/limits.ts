// What a Marketo instance allows (docs/guide/marketo.md): all integrations of an instance share these, so each takes half unless it is
// told otherwise; what asks for more than there is breaches a guardrail (guardrails/).
// Source: Adobe, "Marketo Integration Best Practices": 100 calls in 20 seconds, 10 at once; advice for one integration: 50 and 5.
import type { JsonObject, Limit } from '@cdpkit/core/sdk'

/** Marketo's day, of calls and of bulk extract ("00:00 CST"). */
export const timeZone = 'America/Chicago'

/** Records or ids in one call of the Lead Database. */
export const maxBatch = 300

export const usualCalls = { callsPer20s: 50, dailyCalls: 50_000, concurrentCalls: 5 } as const

/** Of the day's calls a source leaves a fifth to destinations: reading can wait, an audience cannot. */
const sourceShare = 0.8

export function limitsOf(config: JsonObject): readonly Limit[] {
  const { callsPer20s, dailyCalls, concurrentCalls } = { ...usualCalls, ...(config as Partial<Record<keyof typeof usualCalls, number>>) }
  return [
    { requests: callsPer20s, per: '20s', scope: 'account' },
    { requests: dailyCalls, per: '1d', scope: 'account', timeZone },
    { concurrency: concurrentCalls, scope: 'account' },
  ]
}

export function sourceLimitsOf(config: JsonObject): readonly Limit[] {
  return limitsOf(config).map((each) => ('requests' in each && each.per === '1d' ? { ...each, requests: Math.floor(each.requests * sourceShare) } : each))
}

export const limits: readonly Limit[] = limitsOf({})

/** Connectors of one instance share its limits. */
export function accountOf({ munchkinId }: JsonObject): string {
  return typeof munchkinId === 'string' ? munchkinId.toUpperCase() : ''
}
