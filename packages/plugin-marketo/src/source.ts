// The source of the connector `marketo`.
import type { SourceConnector } from '@cdpkit/core/sdk'
import { accountOf, limits, limitsOf } from './limits.js'
import { sourceSchema } from './options.js'

export const marketoSource: SourceConnector = {
  capabilities: { incremental: true, deletes: 'hard', limits, continuous: true },
  defaultType: 'Marketo',
  configSchema: sourceSchema,
  accountOf,
  limitsOf,
  open: () => ({
    check: () => Promise.resolve({ ok: false, reason: 'the Marketo source is not built yet' }),
    discover: () => Promise.resolve([]),
    read: () => { throw new Error('the Marketo source is not built yet') },
  }),
}
