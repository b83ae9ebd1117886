// All integrations of an instance share its calls of a day.
import type { Guardrail } from '@cdpkit/core/sdk'
import { findAboveLimit } from './above-limit.js'

export const marketoDaily: Guardrail = {
  id: 'marketo-daily', title: 'More calls a day than Marketo gives', kind: 'hard', limit: 50_000, unit: 'calls a day', rows: [116], source: 'Marketo Integration Best Practices',
  why: 'Beyond them every call of every integration is refused (607) until midnight, Central Time.',
  fix: 'Ask for fewer; or change the limit with the reason, if the subscription has bought more.',
  check: ({ project, limit }) => findAboveLimit(project, { key: 'dailyCalls', limit, what: 'calls a day' }),
}
