// A request carries ten profiles.
import type { Guardrail } from '@cdpkit/core/sdk'

const usualRecords = 100

export const httpBatch: Guardrail = {
  id: 'http-batch', title: 'Too many profiles in a request', kind: 'hard', generations: ['adobe-2025'], limit: 10, unit: 'profiles in a request', rows: [109], source: 'profile export behavior of destinations',
  why: 'Adobe puts at most ten profiles into a request; a receiver that was built for that refuses larger ones.',
  fix: 'Set config.batch.maxRecords to 10.',
  check: ({ project: { destinations }, limit }) => destinations.filter((each) => each.connector === 'http').flatMap(({ name, config: { batch } }) => {
    const { maxRecords = usualRecords } = (batch ?? {}) as { readonly maxRecords?: number }
    if (maxRecords <= limit) return []
    return [{ detail: `"${name}" sends up to ${String(maxRecords)} profiles in a request; the limit is ${String(limit)}.`, at: { address: `Destination/${name}`, pointer: '/config/batch/maxRecords' } }]
  }),
}
