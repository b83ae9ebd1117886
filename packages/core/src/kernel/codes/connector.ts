// Errors that connectors end with, and those of the host that serves them. Connectors make the former with connectorError() of the SDK.
import { error } from './code.js'

export interface Failure {
  readonly reason: string
  readonly hint: string
  readonly retryAfterMs?: number
  readonly pointer?: string
  readonly [key: string]: string | number
}

const detail = ({ reason }: Failure): string => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? '' : '.'}`
const help = ({ hint }: Failure): string => hint

export const connectorCodes = {
  'connector/config': error<Failure>({ retry: 'never', exit: 3, summary: 'The configuration of a connector does not fit the system', detail, help }),
  'connector/access': error<Failure>({ retry: 'never', exit: 1, summary: 'Access is refused', detail, help }),
  'connector/limited': error<Failure>({ retry: 'later', exit: 1, summary: 'The system asks us to wait', detail, help }),
  'connector/unavailable': error<Failure>({ retry: 'later', exit: 1, summary: 'The system does not work now', detail, help }),
  'connector/refused': error<Failure>({ retry: 'never', exit: 1, summary: 'The system refuses the request', detail, help }),
  'connector/process-ended': error<{ address: string; how: string }>({
    retry: 'later', exit: 1,
    summary: 'The process of a connector ended',
    detail: ({ address, how }) => `${address}: ${how}.`,
    help: () => 'It is tried again with the next run, in a new process, from the last checkpoint. If it happens again, tell the author of the plugin what ended it.',
  }),
  'connector/process-hangs': error<{ address: string; seconds: number }>({
    retry: 'later', exit: 1,
    summary: 'The process of a connector hung, and was ended',
    detail: ({ address, seconds }) => `${address} said nothing for ${String(seconds)} s, and nothing that it asked for was on its way.`,
    help: () => 'It is tried again with the next run, in a new process, from the last checkpoint. If it happens again, tell the author of the plugin.',
  }),
  'http/quota-spent': error<{ account: string; limit: number; until: string; retryAfterMs: number }>({
    retry: 'later', exit: 1,
    summary: "The day's calls are used up",
    detail: ({ account, limit }) => `${account} has had the ${String(limit)} calls that this connector may make in a day.`,
    help: ({ until }) => `It goes on by itself after ${until}. Raise the limit in the connector's config if the system allows more.`,
  }),
} as const
