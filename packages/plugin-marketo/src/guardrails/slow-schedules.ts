// Sources of Marketo that are read less often than an objective of freshness wants.
import { type Breach, type GuardedProject, findCronGaps } from '@cdpkit/core/sdk'
import { marketoSources } from './instances.js'

/** `what` becomes fresh by a read: `profiles`. A source without schedule is read when somebody asks, which nobody can be late for. */
export function findSlowSchedules(project: GuardedProject, { limit, what }: { readonly limit: number; readonly what: string }): readonly Breach[] {
  return marketoSources(project).flatMap(({ name, schedule }): readonly Breach[] => {
    const minutes = schedule === undefined ? undefined : findCronGaps(schedule)?.longestMinutes
    if (minutes === undefined || minutes <= limit) return []
    return [{ detail: `"${name}" is read every ${String(minutes)} minutes at the longest, so ${what} are as old as that; the objective is ${String(limit)} minutes.`, at: { address: `Source/${name}`, pointer: '/schedule' } }]
  })
}
