// How a daemon ends: it takes nothing more and finishes what it began; what connectors still wait for after a while is given up, to be
// taken up again later; and after the deadline the process ends whatever hangs, for what was acknowledged is durable already.
import { fail } from '../../kernel/error.js'

export interface ShutdownTimes {
  /** How long requests that are on their way are waited for. */
  readonly abortAfterMs: number
  readonly deadlineMs: number
}

// Kubernetes and systemd kill after 30 and 90 seconds by default; ours comes before.
export const usualShutdown: ShutdownTimes = { abortAfterMs: 15_000, deadlineMs: 25_000 }

/** @throws daemon/not-finished when the deadline comes first. */
export async function endWithin({ abortAfterMs, deadlineMs }: ShutdownTimes, { stop, abort }: { readonly stop: () => Promise<void>; readonly abort: () => void }): Promise<void> {
  const timers: NodeJS.Timeout[] = []
  const deadline = new Promise<never>((_resolve, reject) => {
    timers.push(setTimeout(abort, abortAfterMs), setTimeout(() => { reject(fail('daemon/not-finished', { seconds: Math.round(deadlineMs / 1000) })) }, deadlineMs))
  })
  try {
    await Promise.race([stop(), deadline])
  } finally {
    for (const each of timers) clearTimeout(each)
  }
}
