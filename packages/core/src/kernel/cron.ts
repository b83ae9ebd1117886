// Cron texts: whether they are right, and what node-cron makes of them. The only importer of node-cron.
import { createTask, parse, validate } from 'node-cron'

export function isCron(text: string): boolean {
  return text.trim().split(/\s+/).length === 5 && validate(text)
}

/** node-cron runs only when day of month AND day of week both match; classic cron takes either. People who set both mean either. */
export function setsBothDays(text: string): boolean {
  const [, , dayOfMonth, , dayOfWeek] = text.trim().split(/\s+/)
  return dayOfMonth !== '*' && dayOfWeek !== '*'
}

/** Shortest and longest time from one run to the next, by the clock on the wall (which summer time turns by an hour). */
export interface CronGaps {
  readonly shortestMinutes: number
  readonly longestMinutes: number
}

const minutesOfDay = 24 * 60
/** Four years: every date there is. */
const daysLookedAt = 4 * 365 + 1

const mostKept = 1000
const kept = new Map<string, CronGaps>()

/** Undefined when the text is no schedule. Thousands of segments share a few schedules, so what was found is kept. */
export function findCronGaps(text: string): CronGaps | undefined {
  const known = kept.get(text)
  if (known || !isCron(text)) return known
  if (kept.size >= mostKept) kept.clear()
  const found = gapsOf(text)
  kept.set(text, found)
  return found
}

function gapsOf(text: string): CronGaps {
  const { minute, hour } = parse(text)
  const times = hour.flatMap((each) => minute.map((of) => each * 60 + of)).sort((a, b) => a - b)
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const days = runDays(text, first)
  const within = times.slice(1).map((each, index) => each - (times[index] ?? 0))
  const between = days.slice(1).map((day, index) => (day - (days[index] ?? 0)) * minutesOfDay + first - last)
  // A schedule that runs on one day of these, or on none, is as rare as can be told.
  const gaps = [...within, ...(between.length === 0 ? [daysLookedAt * minutesOfDay] : between)]
  return { shortestMinutes: Math.min(...gaps), longestMinutes: Math.max(...gaps) }
}

/** Days on which it runs, counted from the first one looked at. `L`, `15W`, `5#3` and the like are left to node-cron, which takes its time over each day. */
function runDays(text: string, firstMinute: number): readonly number[] {
  const { dayOfMonth, month, dayOfWeek } = parse(text)
  const all = Array.from({ length: daysLookedAt }, (_, day) => day)
  const dateOf = (day: number): Date => new Date(Date.UTC(2024, 0, 1 + day, 0, firstMinute))
  if (dayOfMonth.length === 31 && month.length === 12 && dayOfWeek.length === 7) return all
  if ([...dayOfMonth, ...dayOfWeek].every((each) => typeof each === 'number')) {
    return all.filter((day) => {
      const date = dateOf(day)
      return month.includes(date.getUTCMonth() + 1) && dayOfMonth.includes(date.getUTCDate()) && dayOfWeek.includes(date.getUTCDay())
    })
  }
  const task = createTask(text, () => undefined, { timezone: 'UTC' })
  const days = all.filter((day) => task.match(dateOf(day)))
  void task.destroy()
  return days
}

export interface CronPeriod {
  readonly timezone: string
  /** Exclusive. */
  readonly afterMs: number
  /** Inclusive. */
  readonly throughMs: number
}

const minuteMs = 60_000
/** An hour more than the longest gap, for the end of summer time. */
const slackMinutes = 60
const minutesOfQuarter = 15

/** Whether the schedule has a run in a period, told from its minutes. */
export function isCronDue(text: string, { timezone, afterMs, throughMs }: CronPeriod): boolean {
  const gaps = findCronGaps(text)
  if (!gaps) return false
  const [first, last] = [Math.floor(afterMs / minuteMs) + 1, Math.floor(throughMs / minuteMs)]
  if (last - first > gaps.longestMinutes + slackMinutes) return true
  const task = createTask(text, () => undefined, { timezone })
  // Zones differ by quarters of an hour: most minutes cannot be meant wherever it is.
  const quarters = new Set(parse(text).minute.map((each) => each % minutesOfQuarter))
  try {
    for (let minute = last; minute >= first; minute--) if (quarters.has(minute % minutesOfQuarter) && task.match(new Date(minute * minuteMs))) return true
    return false
  } finally {
    void task.destroy()
  }
}

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
