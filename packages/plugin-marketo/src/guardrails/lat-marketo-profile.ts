// What happens in Marketo is in the profiles within minutes.
import type { Guardrail } from '@cdpkit/core/sdk'
import { findSlowSchedules } from './slow-schedules.js'

export const latMarketoProfile: Guardrail = {
  id: 'lat-marketo-profile', title: 'Profiles are late behind Marketo', kind: 'latency', limit: { seed: 5, 'adobe-2025': 10 }, unit: 'minutes', rows: [7], source: 'B2B activation blueprint, guardrails: Marketo source to profile',
  why: 'Who scored high or filled in a form is wanted in a segment while it matters.',
  fix: 'Let the schedule run more often ("*/5 * * * *"): a read without news costs three calls.',
  check: ({ project, limit }) => findSlowSchedules(project, { limit, what: 'profiles' }),
}
