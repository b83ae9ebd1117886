// Beyond 100 destinations per sandbox Adobe refuses.
import type { Guardrail } from '../guardrail.js'

export const destinations: Guardrail = {
  id: 'destinations',
  severity: 'soft',
  limit: 100,
  source: 'row 93, destinations guardrails',
  why: 'Each of them keeps its own state and quota.',
  check: (project, limit, log) => {
    const count = project.destinations.length
    if (count > limit) log.report('guardrail/too-many', { what: 'destinations', count, limit })
  },
}
