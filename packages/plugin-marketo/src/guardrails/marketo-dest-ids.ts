// Marketo finds people by e-mail address and ECID, and a destination that only finds people sends nothing else.
import type { Guardrail } from '@cdpkit/core/sdk'
import { marketoDestinations } from './instances.js'

export const marketoDestIds: Guardrail = {
  id: 'marketo-dest-ids', title: 'More than e-mail and ECID would leave for Marketo', kind: 'hard', rows: [12], source: 'B2B activation blueprint, guardrails; Marketo destination',
  why: 'People in Marketo are found by e-mail address, then ECID, and nothing else. To put somebody on a list nothing else is needed, so nothing else leaves the house.',
  fix: 'Remove body; attributes are only sent for people whom the destination may make (create: true).',
  check: ({ project }) => marketoDestinations(project).flatMap(({ name, config: { body, create } }) => {
    if (body === undefined || create === true) return []
    return [{ detail: `"${name}" finds people only, and has a body of attributes to send.`, at: { address: `Destination/${name}`, pointer: '/config/body' } }]
  }),
}
