// A segment that reads more than the person and events is evaluated in batch. Checked where the lane is chosen (resolve-segments.ts),
// and not overridable: a streaming evaluation does not see the others.
import type { GuardrailFacts } from '../../../plugins/guardrail.js'

export const segmentNeedsBatch: GuardrailFacts = {
  id: 'segment-needs-batch', title: 'Segment cannot stream', kind: 'hard', isFixed: true, rows: [5], source: 'B2B activation blueprint (2021); streaming segmentation',
  why: 'An event is about one person. Which accounts and deals that person has, and what became of them, is joined once a day for everybody.',
  fix: 'Set evaluation.mode to batch, or use a field of the person. With mode on-change it is evaluated again for whoever an ingestion touched.',
}
