// What the program tells while it works: to stderr, never to stdout. Nothing else in the product prints.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  write(level: LogLevel, message: string, fields?: LogFields): void
}

export const silentLog: Log = { write: () => undefined }

/** The same, with fields of everything that is told through it. */
export function logWith(log: Log, shared: LogFields): Log {
  return { write: (level, message, fields) => { log.write(level, message, { ...shared, ...fields }) } }
}

/** One line per entry on stderr, from the given level up. */
export function stderrLog(from: LogLevel): Log {
  const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
  return {
    write(level, message, fields = {}) {
      if (order.indexOf(level) < order.indexOf(from)) return
      const rest = Object.entries(fields).filter(([, value]) => value !== undefined)
      const tail = rest.map(([key, value]) => ` ${key}=${String(value)}`).join('')
      process.stderr.write(`${level === 'info' ? '' : `${level}: `}${message}${tail}\n`)
    },
  }
}
