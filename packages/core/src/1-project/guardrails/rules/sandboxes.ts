// A licence carries at most 75 sandboxes.
import { counting } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const sandboxes: CoreGuardrail = {
  id: 'sandboxes', title: 'Too many sandboxes', kind: 'hard', limit: 75, unit: 'sandboxes', rows: [121], source: 'sandboxes overview; product description',
  why: 'Adobe includes 5 sandboxes and sells packs of 10, up to 75.',
  fix: 'Remove sandboxes that nobody uses.',
  ...counting('sandboxes', ({ sandboxNames }) => sandboxNames.map((each) => ({ address: `Sandbox/${each}` })), 'The project'),
}
