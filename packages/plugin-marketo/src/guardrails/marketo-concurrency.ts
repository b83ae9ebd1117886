// All integrations of an instance share the calls that it works on at once.
import type { Guardrail } from '@cdpkit/core/sdk'
import { findAboveLimit } from './above-limit.js'

export const marketoConcurrency: Guardrail = {
  id: 'marketo-concurrency', title: 'More calls at once than Marketo gives', kind: 'hard', limit: 10, unit: 'calls at once', rows: [118], source: 'Marketo Integration Best Practices',
  why: 'The limit is one of the instance, shared by all integrations: beyond it calls are refused (615).',
  fix: 'Leave half of it to the others: 5, which is what is used unless told.',
  check: ({ project, limit }) => findAboveLimit(project, { key: 'concurrentCalls', limit, what: 'calls at once' }),
}
