// Accounts, opportunities, campaigns, lists and their relations come from at most 60 streams.
import { countingStreams } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const b2bDatasets: CoreGuardrail = {
  id: 'b2b-datasets', title: 'Too many streams of B2B records', kind: 'soft', limit: 60, unit: 'streams', rows: [38], source: 'guardrails for Real-Time CDP B2B Edition',
  why: 'Accounts, deals and relations are unified from all their streams before multi-entity segments are evaluated.',
  fix: 'Give records of one system in one stream per entity.',
  ...countingStreams('streams of accounts, opportunities, campaigns, lists and their relations', 'b2b'),
}
