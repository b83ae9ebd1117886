// The destination of the connector `marketo`: audiences become static lists.
import type { DestinationConnector } from '@cdpkit/core/sdk'
import { accountOf, limits, limitsOf, maxBatch } from './limits.js'
import { destinationSchema } from './options.js'

export const marketoDestination: DestinationConnector = {
  // Nothing of a profile leaves but its e-mail address and ECID, and those only as identities: the payload is empty.
  capabilities: { identities: ['email', 'ecid'], maxBatch, asyncJobs: false, idempotent: true, createsMissing: false, readBack: 'members', limits, defaultPayload: '{}' },
  configSchema: destinationSchema,
  accountOf,
  limitsOf,
  creates: ({ create }) => create === true,
  open: () => {
    const notYet = (): never => { throw new Error('the Marketo destination is not built yet') }
    return { check: () => Promise.resolve({ ok: false, reason: 'the Marketo destination is not built yet' }), upsert: notYet, remove: notYet }
  },
}
