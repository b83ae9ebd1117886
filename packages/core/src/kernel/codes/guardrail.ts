// Diagnostics of the guardrails: limits of the B2B activation pattern (Adobe Real-Time CDP B2B Edition).
import { diagnostic } from './code.js'

export const guardrailCodes = {
  'guardrail/segment-needs-batch': diagnostic<{ segment: string; name: string }>({
    severity: 'error', summary: 'Segment cannot stream',
    detail: ({ segment }) => `"${segment}" asks for streaming, but streaming sees only the person and events.`,
    help: () => 'Set evaluation.mode to batch, or use a field of the person.',
  }),
  'guardrail/too-many': diagnostic<{ what: string; count: number; limit: number }>({
    severity: 'warning', summary: 'More than the pattern carries',
    detail: ({ what, count, limit }) => `The sandbox has ${String(count)} ${what}; performance is known up to ${String(limit)}.`,
    help: () => 'Remove what nobody uses, or split the work over sandboxes.',
  }),
  'guardrail/sandboxes': diagnostic<{ count: number; limit: number }>({
    severity: 'error', summary: 'Too many sandboxes',
    detail: ({ count, limit }) => `The project has ${String(count)} sandboxes; at most ${String(limit)} are possible.`,
    help: () => 'Remove some.',
  }),
} as const
