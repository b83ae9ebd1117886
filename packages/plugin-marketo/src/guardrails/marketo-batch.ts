// A call takes 300 people.
import type { Guardrail } from '@cdpkit/core/sdk'
import { marketoDestinations } from './instances.js'

export const marketoBatch: Guardrail = {
  id: 'marketo-batch', title: 'More people in a call than Marketo takes', kind: 'hard', limit: 300, unit: 'people in a call', rows: [119], source: 'Marketo Integration Best Practices',
  why: 'A call with more is refused as a whole (1003).',
  fix: 'Ask for 300 or fewer.',
  check: ({ project, limit }) => marketoDestinations(project).flatMap(({ name, config }) => {
    const { maxRecords } = (config['batch'] ?? {}) as { readonly maxRecords?: unknown }
    if (typeof maxRecords !== 'number' || maxRecords <= limit) return []
    return [{ detail: `"${name}" asks for ${String(maxRecords)} people in a call; Marketo takes ${String(limit)}.`, at: { address: `Destination/${name}`, pointer: '/config/batch/maxRecords' } }]
  }),
}
