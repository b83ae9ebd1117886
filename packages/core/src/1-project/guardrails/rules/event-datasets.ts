// Events come from at most 20 streams.
import { countingStreams } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const eventDatasets: CoreGuardrail = {
  id: 'event-datasets', title: 'Too many streams of events', kind: 'soft', limit: 20, unit: 'streams', rows: [18], source: 'default guardrails for Real-Time Customer Profile',
  why: 'The events of a person are read together, whatever stream they are from.',
  fix: 'Give events of several types in one stream and tell them apart by eventType.',
  ...countingStreams('streams of events', 'event'),
}
