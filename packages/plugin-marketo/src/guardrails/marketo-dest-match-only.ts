// The destination makes no people in Marketo. Later versions of Adobe's may, so the 2025 limits allow it.
import type { Guardrail } from '@cdpkit/core/sdk'
import { marketoDestinations } from './instances.js'

export const marketoDestMatchOnly: Guardrail = {
  id: 'marketo-dest-match-only', title: 'The destination would make people in Marketo', kind: 'hard', generations: ['seed'], rows: [13], source: 'B2B activation blueprint, guardrails',
  why: 'Members of a segment whom Marketo does not know are passed over and listed. Made there, they would be duplicates as soon as the CRM syncs, and people whom nobody asked.',
  fix: 'Remove create, and let the CRM or a form bring people to Marketo; or take the limits of 2025, which allow it: guardrails: { profile: adobe-2025 }.',
  check: ({ project }) => marketoDestinations(project).filter((each) => each.config['create'] === true)
    .map(({ name }) => ({ detail: `"${name}" makes people whom Marketo does not know.`, at: { address: `Destination/${name}`, pointer: '/config/create' } })),
}
