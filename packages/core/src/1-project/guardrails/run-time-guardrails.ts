// Guardrails that no file shows: records, graphs, rates. What they are checked against is applied with the project; the check is in the
// stage that sees the thing. A record that breaches a hard one goes to quarantine, a breach of the others is counted for `cdp status`.
import type { GuardrailFacts } from '../../plugins/guardrail.js'
import type { RunTimeGuardrail } from '../project.js'

export interface RunTimeFacts extends GuardrailFacts {
  readonly id: RunTimeGuardrail
}

export const runTimeGuardrails: readonly RunTimeFacts[] = [
  {
    id: 'event-size', title: 'Event is too large', kind: 'hard', limit: 10_240, unit: 'bytes', rows: [29], source: 'default guardrails for Real-Time Customer Profile; ingestion guardrails',
    why: 'Events are read by the million; one that carries a document makes every pass slower.',
    fix: 'Map only the fields that segments read, or keep the document elsewhere and send its address.',
  },
  {
    id: 'record-size', title: 'Record is too large', kind: 'hard', limit: 102_400, unit: 'bytes', rows: [30], source: 'default guardrails for Real-Time Customer Profile; ingestion guardrails',
    why: 'A profile is made of the records of its sources; large ones make look-ups and evaluations slow.',
    fix: 'Map only the fields that segments and destinations read.',
  },
]
