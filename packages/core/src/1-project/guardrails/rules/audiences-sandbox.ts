// Beyond 4,000 segments per sandbox performance is not known.
import { countingSegments } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const audiencesSandbox: CoreGuardrail = {
  id: 'audiences-sandbox', title: 'Too many segments', kind: 'soft', limit: 4000, unit: 'segments', rows: [51], source: 'default guardrails for Real-Time Customer Profile',
  why: 'All segments of a sandbox are planned, evaluated and shown together.',
  fix: 'Remove what nobody uses, or split the project over sandboxes.',
  ...countingSegments('segments', () => true),
}
