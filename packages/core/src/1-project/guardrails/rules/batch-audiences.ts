// Beyond 4,000 segments in batch per sandbox performance is not known.
import { countingSegments } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const batchAudiences: CoreGuardrail = {
  id: 'batch-audiences', title: 'Too many segments in batch', kind: 'soft', limit: 4000, unit: 'segments', rows: [52], source: 'default guardrails for Real-Time Customer Profile',
  why: 'The daily run evaluates all of them in one pass.',
  fix: 'Remove what nobody uses, or split the project over sandboxes.',
  ...countingSegments('segments in batch', (each) => each.lane !== 'streaming'),
}
