// The connector `hubspot`: CRM objects of an account, and the associations between them, as streams.
import { defineConnector } from '@cdpkit/core/sdk'
import { notYet } from '../not-yet.js'
import { sourceSchema, streamSchema } from './options.js'

export const hubspotConnector = defineConnector({
  name: 'hubspot',
  title: 'HubSpot',
  source: {
    capabilities: { incremental: true, deletes: 'soft', limits: [{ requests: 100, per: '20s', scope: 'account' }, { concurrency: 4 }] },
    defaultType: 'HubSpot',
    configSchema: sourceSchema,
    streamConfigSchema: streamSchema,
    open: () => notYet('hubspot'),
  },
})
