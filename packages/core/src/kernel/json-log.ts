// The log of a daemon: one JSON object per line on stderr, for whatever collects logs. Secrets never come this far (plugins/redact.ts takes
// them out of what connectors tell); fields whose names promise one are covered all the same.
import { type DestinationStream, destination, pino } from 'pino'
import type { Clock } from './clock.js'
import type { Log, LogLevel } from './log.js'

const telltale = ['authorization', 'password', 'secret', 'token', 'apiKey', 'writeKey'] as const

export function jsonLog({ from, clock, to }: { readonly from: LogLevel; readonly clock: Clock; readonly to?: DestinationStream }): Log {
  const stderr = 2
  const logger = pino({
    level: from, base: null, messageKey: 'message', redact: [...telltale],
    timestamp: () => `,"time":"${clock.now()}"`, formatters: { level: (level) => ({ level }) },
  }, to ?? destination({ fd: stderr, sync: true }))
  return { write: (level, message, fields = {}) => { logger[level](fields, message) } }
}
