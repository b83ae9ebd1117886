// Beyond 500 streaming segments per sandbox performance is not known.
import { countingSegments } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const streamingAudiences: CoreGuardrail = {
  id: 'streaming-audiences', title: 'Too many streaming segments', kind: 'soft', limit: 500, unit: 'segments', rows: [53], source: 'default guardrails for Real-Time Customer Profile; licence usage and capacities',
  why: 'Each of them is evaluated for every event that arrives.',
  fix: 'Let those that need not be up to the second run in batch (evaluation.mode: batch), or remove what nobody uses.',
  ...countingSegments('streaming segments', (each) => each.lane === 'streaming'),
}
