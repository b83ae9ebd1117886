// A licence carries at most 75 sandboxes.
import type { CoreGuardrail } from '../guardrail.js'

export const sandboxes: CoreGuardrail = {
  id: 'sandboxes', title: 'Too many sandboxes', kind: 'hard', limit: 75, unit: 'sandboxes', rows: [121], source: 'sandboxes overview; product description',
  why: 'Adobe includes 5 sandboxes and sells packs of 10, up to 75.',
  fix: 'Remove sandboxes that nobody uses.',
  check: ({ project: { name, sandboxNames }, limit }) => {
    const beyond = sandboxNames[limit]
    if (beyond === undefined) return []
    return [{ detail: `"${name}" has ${String(sandboxNames.length)} sandboxes; the limit is ${String(limit)}.`, at: { address: `Sandbox/${beyond}` } }]
  },
}
