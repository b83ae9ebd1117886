// The connector `salesforce`: objects of an organization as streams.
import { defineConnector } from '@cdpkit/core/sdk'
import { notYet } from '../not-yet.js'
import { sourceSchema, streamSchema } from './options.js'

export const salesforceConnector = defineConnector({
  name: 'salesforce',
  title: 'Salesforce',
  source: {
    capabilities: { incremental: true, deletes: 'soft', limits: [{ concurrency: 5 }] },
    defaultType: 'Salesforce',
    configSchema: sourceSchema,
    streamConfigSchema: streamSchema,
    open: () => notYet('salesforce'),
  },
})
