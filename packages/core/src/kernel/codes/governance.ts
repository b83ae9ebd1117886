// Diagnostics of data governance: labels, policies, marketing actions.
import { diagnostic } from './code.js'

export const governanceCodes = {
  'governance/policy-violated': diagnostic<{ policy: string; denied: string; actions: string; destination: string; lineage: string; others: string }>({
    severity: 'error', summary: 'A policy forbids this activation',
    detail: ({ policy, denied, actions, destination, lineage, others }) =>
      [`Policy/${policy} denies ${denied} for ${actions}, and this comes to Destination/${destination}:`, ...lineage.split('\n').map((each) => `    ${each}`), ...(others === '' ? [] : [`    also ${others}`])].join('\n'),
    help: () => 'Use other fields, activate it elsewhere, or say what the destination really is: its party and its marketingActions.',
  }),
  'governance/unused-label': diagnostic<{ policy: string; label: string; suggestion: string }>({
    severity: 'warning', summary: 'A policy about a label that nothing has',
    detail: ({ policy, label }) => `No field is labelled ${label}, so Policy/${policy} forbids nothing by it.`,
    help: ({ suggestion }) => suggestion || 'Give the label to the fields that the policy is about: labels in their schema.',
  }),
} as const
