// A sandbox has at most 100 destinations.
import { counting } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const destCount: CoreGuardrail = {
  id: 'dest-count', title: 'Too many destinations', kind: 'hard', limit: 100, unit: 'destinations', rows: [93], source: 'guardrails for destinations',
  why: 'Adobe refuses the 101st (older pages: no limit, or a soft one).',
  fix: 'Remove what nobody uses, or give several segments to one destination.',
  ...counting('destinations', ({ destinations }) => destinations.map((each) => ({ address: `Destination/${each.name}` }))),
}
