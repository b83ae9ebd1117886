// The guardrail that is checked where a segment's lane is chosen, because it points into the expression. The others bring their texts
// along: 1-project/guardrails/rules, and the plugins.
import { diagnostic } from './code.js'

export const guardrailCodes = {
  'guardrail/segment-needs-batch': diagnostic<{ segment: string; name: string }>({
    severity: 'error', summary: 'Segment cannot stream',
    detail: ({ segment }) => `"${segment}" asks for streaming, but streaming sees only the person and events.`,
    help: () => 'Set evaluation.mode to batch, or use a field of the person.',
  }),
} as const
