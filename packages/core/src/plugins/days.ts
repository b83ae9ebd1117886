// Days where a system counts them: quotas start again at midnight in its zone.
import { type Instant, instantFromMs } from '../kernel/clock.js'
import { windowMs } from './window-ms.js'

/** `2026-11-23` where the zone is. */
export function dayIn(timeZone: string, atMs: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(atMs)
}

/** The first quarter of an hour of the next day; zones change their offset at whole quarters. */
export function nextDay(timeZone: string, atMs: number): Instant {
  const today = dayIn(timeZone, atMs)
  const quarterMs = 900_000
  let at = Math.floor(atMs / quarterMs) * quarterMs
  const end = at + 2 * windowMs['1d']
  while (at < end && dayIn(timeZone, at) === today) at += quarterMs
  return instantFromMs(at)
}
