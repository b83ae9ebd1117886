// What happens in Marketo is among the raw records within a quarter of an hour.
import type { Guardrail } from '@cdpkit/core/sdk'
import { findSlowSchedules } from './slow-schedules.js'

export const latMarketoLake: Guardrail = {
  id: 'lat-marketo-lake', title: 'Raw records are late behind Marketo', kind: 'latency', limit: { seed: 15, 'adobe-2025': 60 }, unit: 'minutes', rows: [8], source: 'B2B activation blueprint, guardrails: Marketo source to data lake',
  why: 'Activities of Marketo are kept for 90 days at most, some for 14: the longer between two reads, the more is lost by an outage.',
  fix: 'Let the schedule run more often: "*/15 * * * *".',
  check: ({ project, limit }) => findSlowSchedules(project, { limit, what: 'raw records' }),
}
