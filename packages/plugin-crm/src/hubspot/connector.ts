// The connector `hubspot`: CRM objects of an account, and the associations between them, as streams; audiences as static lists.
import { type Limit, defineConnector } from '@cdpkit/core/sdk'
import { HubspotDestination } from './destination.js'
import { streams } from './mappings.js'
import { destinationSchema, readDestinationOptions, readOptions, sourceSchema, streamSchema } from './options.js'
import { HubspotSource } from './source.js'

// The smallest account has 100 calls in ten seconds for an app; a few are left to others who use the same key.
const limits: readonly Limit[] = [{ requests: 90, per: '10s', scope: 'account' }, { requests: 200_000, per: '1d', scope: 'account' }, { concurrency: 4, scope: 'account' }]

export const hubspotConnector = defineConnector({
  name: 'hubspot',
  title: 'HubSpot',
  source: {
    // Merged and archived contacts are told; deletions for privacy are found by the weekly read of all.
    capabilities: { incremental: true, deletes: 'soft', limits },
    defaultType: 'HubSpot',
    configSchema: sourceSchema,
    streamConfigSchema: streamSchema,
    accountOf: (config) => `${readOptions(config).url} ${JSON.stringify(config['accessToken'] ?? '')}`,
    streamsOf: () => streams,
    open: (context) => new HubspotSource(context, readOptions(context.config)),
  },
  destination: {
    capabilities: { identities: ['email', 'b2b_person'], maxBatch: 500, asyncJobs: false, idempotent: true, createsMissing: false, readBack: 'members', limits, defaultPayload: '{}' },
    // The company's own system of record, where the people came from.
    governance: { party: 'first', marketingActions: [] },
    configSchema: destinationSchema,
    accountOf: (config) => `${readOptions(config).url} ${JSON.stringify(config['accessToken'] ?? '')}`,
    open: (context) => new HubspotDestination(context, readDestinationOptions(context.config)),
  },
})
