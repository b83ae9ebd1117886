// Beyond 4,000 segments per sandbox performance is not known.
import type { Guardrail } from '../guardrail.js'

export const segments: Guardrail = {
  id: 'segments',
  severity: 'soft',
  limit: 4000,
  source: 'row 51, default guardrails for Real-Time Customer Profile',
  why: 'More definitions slow every evaluation.',
  check: (project, limit, log) => {
    const count = project.segments.length
    if (count > limit) log.report('guardrail/too-many', { what: 'segments', count, limit })
  },
}
