// The connector `dynamics`: tables of a Dynamics 365 environment (Dataverse) as streams.
import { defineConnector } from '@cdpkit/core/sdk'
import { streams } from './mappings.js'
import { readOptions, sourceSchema, streamSchema } from './options.js'
import { DynamicsSource } from './source.js'

export const dynamicsConnector = defineConnector({
  name: 'dynamics',
  title: 'Dynamics 365',
  source: {
    // 6,000 requests in five minutes for a user and a server, 52 at once: far below, because everybody shares the server.
    capabilities: { incremental: true, deletes: 'hard', limits: [{ requests: 1000, per: '1m', scope: 'account' }, { concurrency: 4, scope: 'account' }] },
    defaultType: 'Dynamics',
    configSchema: sourceSchema,
    streamConfigSchema: streamSchema,
    accountOf: (config) => readOptions(config).url,
    streamsOf: () => streams,
    open: (context) => new DynamicsSource(context, readOptions(context.config)),
  },
})
