// Beyond 500 streaming segments per sandbox performance is not known.
import { tooMany } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const streamingAudiences: CoreGuardrail = {
  id: 'streaming-audiences', title: 'Too many streaming segments', kind: 'soft', limit: 500, unit: 'segments', rows: [53], source: 'default guardrails for Real-Time Customer Profile; licence usage and capacities',
  why: 'Each of them is evaluated for every event that arrives.',
  fix: 'Let those that need not be up to the second run in batch (evaluation.mode: batch), or remove what nobody uses.',
  check: ({ project: { segments }, limit }) => {
    const found = segments.filter((each) => each.lane === 'streaming').map((each) => ({ address: `Segment/${each.name}` }))
    return tooMany({ what: 'streaming segments', limit, found })
  },
}
