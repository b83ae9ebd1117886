// Time is handed in. This file is the only place that asks the machine what time it is.

/** An ISO 8601 UTC text with milliseconds and `Z`: `2026-11-23T06:00:00.000Z`. Text order is time order. */
export type Instant = string & { readonly __brand: 'Instant' }

export interface Clock {
  now(): Instant
  nowMs(): number
  /** Milliseconds that only grow, for durations; says nothing about the time of day. */
  ticksMs(): number
  /** It does not move by itself: for examples and tests. */
  readonly standsStill?: true
}

export const systemClock: Clock = {
  now: () => instantFromMs(Date.now()),
  nowMs: () => Date.now(),
  ticksMs: () => performance.now(),
}

/** A clock that stands still, or moves when told: `fixedClock('2026-11-23T06:00:00.000Z')`. */
export function fixedClock(at: string): Clock & { readonly standsStill: true; advance(ms: number): void } {
  let ms = Date.parse(at)
  return {
    now: () => instantFromMs(ms),
    nowMs: () => ms,
    ticksMs: () => ms,
    standsStill: true,
    advance: (by) => {
      ms += by
    },
  }
}

export function instantFromMs(ms: number): Instant {
  return new Date(ms).toISOString() as Instant
}

/** The canonical instant of an ISO date, date-time (zone `Z` or an offset) text; undefined when it is none. A time without zone is read as UTC. */
export function findInstant(text: string): Instant | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text.trim())
  if (!match) return undefined
  const [, day = '', minutes = '00:00', seconds = ':00', zone = 'Z'] = match
  const ms = Date.parse(`${day}T${minutes}${seconds.slice(0, 7)}${zone.toUpperCase()}`)
  if (Number.isNaN(ms) || !isRealDay(day)) return undefined
  return instantFromMs(ms)
}

// Date.parse accepts 2024-02-31 and rolls it over to 2 March; we do not.
function isRealDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
