// The connector `salesforce`: objects of an organization as streams, and audiences on its contacts and leads.
import { type JsonObject, type Limit, defineConnector } from '@cdpkit/core/sdk'
import { SalesforceDestination } from './destination.js'
import { streams } from './mappings.js'
import { destinationSchema, readDestinationOptions, readOptions, sourceSchema, streamSchema } from './options.js'
import { SalesforceSource } from './source.js'

/** Developer editions run 5 long calls at once, others 25. The day's calls are told by each answer, and kept in session.ts. */
const limits: readonly Limit[] = [{ concurrency: 5, scope: 'account' }]

const accountOf = (config: JsonObject): string => `${readOptions(config).loginUrl} ${JSON.stringify(config['username'] ?? config['clientId'] ?? '')}`

export const salesforceConnector = defineConnector({
  name: 'salesforce',
  title: 'Salesforce',
  source: {
    capabilities: { incremental: true, deletes: 'soft', limits },
    defaultType: 'Salesforce',
    configSchema: sourceSchema,
    streamConfigSchema: streamSchema,
    accountOf,
    streamsOf: () => streams,
    open: (context) => new SalesforceSource(context, readOptions(context.config)),
  },
  destination: {
    capabilities: { identities: ['b2b_person'], maxBatch: 200, asyncJobs: false, idempotent: true, createsMissing: false, readBack: 'members', limits, defaultPayload: '{}' },
    // The company's own system of record, where the people came from.
    governance: { party: 'first', marketingActions: [] },
    configSchema: destinationSchema,
    creates: ({ create }) => create === true,
    accountOf,
    open: (context) => new SalesforceDestination(context, readDestinationOptions(context.config)),
  },
})
