// All integrations of an instance share its calls in 20 seconds.
import type { Guardrail } from '@cdpkit/core/sdk'
import { findAboveLimit } from './above-limit.js'

export const marketoRate: Guardrail = {
  id: 'marketo-rate', title: 'More calls in 20 seconds than Marketo gives', kind: 'hard', limit: 100, unit: 'calls in 20 seconds', rows: [117], source: 'Marketo Integration Best Practices',
  why: 'The limit is one of the instance, shared by all integrations: beyond it calls are refused (606), ours and those of others.',
  fix: 'Leave half of it to the others: 50, which is what is used unless told.',
  check: ({ project, limit }) => findAboveLimit(project, { key: 'callsPer20s', limit, what: 'calls in 20 seconds' }),
}
