// Errors of the commands on deliveries and runs: cdp deliveries, cdp runs.
import { error } from './code.js'

export const deliveryCodes = {
  'deliveries/none-chosen': error<{ what: string }>({
    retry: 'never', exit: 64,
    summary: 'Which deliveries?',
    detail: ({ what }) => `cdp deliveries ${what} works on the deliveries that it is told, never on all by itself.`,
    help: () => 'Name ids from cdp deliveries list, a filter such as --destination or --code, or pass --all.',
  }),
  'deliveries/unknown-id': error<{ id: string }>({
    retry: 'never', exit: 64,
    summary: 'No such delivery',
    detail: ({ id }) => `Nothing with the id ${id} is open: it was delivered, or another change took its place.`,
    help: () => 'cdp deliveries list shows the ids of what is open.',
  }),
  'runs/unknown': error<{ written: string }>({
    retry: 'never', exit: 64,
    summary: 'No such run',
    detail: ({ written }) => `The history has no run whose id begins with "${written}", or several.`,
    help: () => 'cdp runs list shows the ids; "last" is the newest.',
  }),
  'cli/not-a-time': error<{ written: string }>({
    retry: 'never', exit: 64,
    summary: 'This is no time',
    detail: ({ written }) => `"${written}" is neither a date nor a duration.`,
    help: () => 'Write 2026-11-23, 2026-11-23T06:00Z, or a time ago such as 30m, 6h or 3d.',
  }),
} as const
