// A receiver answers within two seconds.
import type { Guardrail } from '@cdpkit/core/sdk'

const usualSeconds = 30

export const httpTimeout: Guardrail = {
  id: 'http-timeout', title: 'The receiver may take too long', kind: 'hard', generations: ['adobe-2025'], limit: 2, unit: 'seconds', rows: [108], source: 'HTTP API destination',
  why: 'Adobe takes an answer that is not there after two seconds for a failure, and so must a receiver that serves both.',
  fix: 'Set config.timeoutSeconds to 2, and let the receiver answer first and work later.',
  check: ({ project: { destinations }, limit }) => destinations.filter((each) => each.connector === 'http').flatMap(({ name, config: { timeoutSeconds = usualSeconds } }) => {
    if (typeof timeoutSeconds !== 'number' || timeoutSeconds <= limit) return []
    return [{ detail: `"${name}" waits ${String(timeoutSeconds)} seconds for an answer; the limit is ${String(limit)}.`, at: { address: `Destination/${name}`, pointer: '/config/timeoutSeconds' } }]
  }),
}
