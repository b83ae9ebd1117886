// Who holds a database file, as the driver's message tells: it has no code for it.
// `Could not set lock on file "…": Conflicting lock is held in /usr/bin/node (PID 12). See also …`

export interface LockHolder {
  /** 0 when the process is in another container, where its number means nothing here. */
  readonly pid: number
}

/** Undefined when the message is about something else. */
export function findLockHolder(message: string): LockHolder | undefined {
  if (!message.includes('Could not set lock')) return undefined
  return { pid: Math.max(0, Number(/\(PID (-?\d+)\)/.exec(message)?.[1] ?? 0)) }
}

export function toOwner({ pid }: LockHolder): string {
  return pid === 0 ? 'a process of another container or machine' : `process ${String(pid)}`
}
