// What a Marketo instance allows (docs/guide/marketo.md): all integrations of an instance share these, so each takes half.
// Source: Adobe, "Marketo Integration Best Practices": 100 calls in 20 seconds, 10 at once; advice for one integration: 50 and 5.
import type { Limit } from '@cdpkit/core/sdk'

export const limits: readonly Limit[] = [
  { requests: 50, per: '20s', scope: 'account' },
  { requests: 50_000, per: '1d', scope: 'account' },
  { concurrency: 5 },
]

/** Records or ids in one call of the Lead Database. */
export const maxBatch = 300
