// A licence carries at most 75 sandboxes.
import type { Guardrail } from '../guardrail.js'

export const sandboxes: Guardrail = {
  id: 'sandboxes',
  severity: 'hard',
  limit: 75,
  source: 'row 121, sandbox overview',
  why: 'Adobe includes 5 sandboxes and sells packs of 10, up to 75.',
  check: (project, limit, log) => {
    const count = project.sandboxNames.length
    if (count > limit) log.report('guardrail/sandboxes', { count, limit })
  },
}
