// A sandbox has at most 50 segments of accounts.
import { countingSegments } from '../count-resources.js'
import type { CoreGuardrail } from '../guardrail.js'

export const accountAudiences: CoreGuardrail = {
  id: 'account-audiences', title: 'Too many segments of accounts', kind: 'hard', limit: 50, unit: 'segments', rows: [55], source: 'default guardrails for Real-Time Customer Profile; B2B account activation blueprint',
  why: 'Adobe lets nobody create a further one.',
  fix: 'Remove what nobody uses, or hold people instead and read their accounts.',
  ...countingSegments('segments of accounts', (each) => each.entity === 'account'),
}
