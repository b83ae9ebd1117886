// When a record that was not taken is tried again: after minutes first, hours later, for up to three days.
import { type Instant, instantFromMs } from '../kernel/clock.js'

const minuteMs = 60_000
const stepsMinutes = [1, 2, 5, 10, 30, 60, 120, 240, 480, 720] as const
export const giveUpAfterMs = 3 * 24 * 60 * minuteMs

export interface RetryQuestion {
  /** Tries so far, this one included. */
  readonly attempt: number
  /** When the change was first waiting. */
  readonly since: Instant
  readonly nowMs: number
  /** What the destination asked for. */
  readonly retryAfterMs?: number
  /** Between 0 and 1. */
  readonly random: number
}

/** When to try again; undefined when it has been tried long enough. Up to a fifth of the wait is left to chance. */
export function nextTry({ attempt, since, nowMs, retryAfterMs, random }: RetryQuestion): Instant | undefined {
  const step = (stepsMinutes[Math.min(attempt, stepsMinutes.length) - 1] ?? 1) * minuteMs
  const dueMs = nowMs + Math.max(retryAfterMs ?? 0, step * (0.9 + random / 5))
  return dueMs - Date.parse(since) > giveUpAfterMs ? undefined : instantFromMs(Math.round(dueMs))
}
