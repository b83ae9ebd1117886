// Beyond 500 streaming segments per sandbox performance is not known.
import type { Guardrail } from '../guardrail.js'

export const streamingSegments: Guardrail = {
  id: 'streaming-segments',
  severity: 'soft',
  limit: 500,
  source: 'row 53, default guardrails for Real-Time Customer Profile',
  why: 'Each of them is evaluated for every event.',
  check: (project, limit, log) => {
    const count = project.segments.filter((each) => each.lane === 'streaming').length
    if (count > limit) log.report('guardrail/too-many', { what: 'streaming segments', count, limit })
  },
}
