import { type Clock, type Instant, findInstant, instantFromMs } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `2026-11-23`, or a time ago: `6h`. @throws cli/not-a-time */
export function toSince(written: string, clock: Clock): Instant {
  const ago = /^(\d{1,6})([mhd])$/.exec(written.trim())
  const unit = ago?.[2] as keyof typeof unitMs | undefined
  if (unit !== undefined) return instantFromMs(clock.nowMs() - Number(ago?.[1]) * unitMs[unit])
  const instant = findInstant(written)
  if (instant === undefined) throw fail('cli/not-a-time', { written })
  return instant
}
