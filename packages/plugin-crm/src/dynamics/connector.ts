// The connector `dynamics`: tables of a Dynamics 365 environment (Dataverse) as streams.
import { defineConnector } from '@cdpkit/core/sdk'
import { notYet } from '../not-yet.js'
import { sourceSchema, streamSchema } from './options.js'

export const dynamicsConnector = defineConnector({
  name: 'dynamics',
  title: 'Dynamics 365',
  source: {
    capabilities: { incremental: true, deletes: 'hard', limits: [{ concurrency: 4 }] },
    defaultType: 'Dynamics',
    configSchema: sourceSchema,
    streamConfigSchema: streamSchema,
    open: () => notYet('dynamics'),
  },
})
