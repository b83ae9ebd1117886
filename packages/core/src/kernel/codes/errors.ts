// Errors: the world's failures and ours. Thrown with fail(), recognized with isCdpError().
import { error } from './code.js'

export const errorCodes = {
  'store/unreachable': error<{ path: string; reason: string }>({
    retry: 'later', exit: 1,
    summary: 'The sandbox database cannot be opened',
    detail: ({ path, reason }) => `${path}: ${reason}`,
    help: () => 'Check that the folder exists and can be written, and that its disk has space.',
  }),
  'store/in-use': error<{ path: string; owner: string }>({
    retry: 'later', exit: 5,
    summary: 'Another cdp command works on this sandbox',
    detail: ({ path, owner }) => `${path} is in use by ${owner}.`,
    help: () => 'Wait until it has finished, then run the command again.',
  }),
  'store/newer-format': error<{ path: string; found: number; known: number }>({
    retry: 'never', exit: 1,
    summary: 'The sandbox database was written by a newer cdp',
    detail: ({ path, found, known }) => `${path} has format ${String(found)}; this cdp knows formats up to ${String(known)}.`,
    help: () => 'Use the version of cdp that wrote it, or a newer one.',
  }),
  'plan/stale': error<{ planned: number; found: number }>({
    retry: 'never', exit: 5,
    summary: 'The plan is stale',
    detail: ({ planned, found }) => `It was made for state #${String(planned)}, the sandbox is at state #${String(found)}.`,
    help: () => 'Run cdp plan again, review it, and apply the new plan.',
  }),
  'plan/not-a-plan-file': error<{ file: string; reason: string }>({
    retry: 'never', exit: 1,
    summary: 'This is no plan file',
    detail: ({ file, reason }) => `${file}: ${reason}`,
    help: () => 'Make one with cdp plan --out plan.cdp.',
  }),
  'apply/not-approved': error<{ changes: number }>({
    retry: 'never', exit: 1,
    summary: 'Nothing was applied',
    detail: ({ changes }) => `The plan of ${String(changes)} change(s) was not approved.`,
    help: () => 'Answer yes, or pass --auto-approve where nobody can answer.',
  }),
  'apply/protected': error<{ address: string; what: string }>({
    retry: 'never', exit: 4,
    summary: 'A protected resource would be removed',
    detail: ({ address, what }) => `${address} is protected and the plan would ${what} it.`,
    help: () => 'Set protect to false in its file, apply that, and try again.',
  }),
} as const
