// What is late: passes that came too seldom, and changes that wait to be delivered.
import { instantFromMs } from '../../kernel/clock.js'
import { joined, param, sqlText } from '../../kernel/sql-text.js'
import { type Observation, type ObservationContext, type Observed, kept } from './observation.js'

const hourMs = 60 * 60 * 1000

export const latencyObservations: readonly Observation[] = [
  { id: 'b2b-entity-resolution', kind: 'moment', find: findPause },
  { id: 'seg-of-seg-exit', kind: 'state', find: findStaleSegments },
  { id: 'enterprise-latency', kind: 'state', find: findLateDeliveries },
]

/** Accounts and opportunities are unified by passes: what came after one is invisible until the next. */
async function findPause({ tx, startedAt }: ObservationContext, limitHours: number): Promise<Observed> {
  const { before } = await tx.row<{ before: string | null }>(sqlText`select max(started_at) as before from run where status <> 'interrupted' and started_at < ${param(startedAt)}::timestamp`)
  const hours = before === null ? 0 : (Date.parse(startedAt) - Date.parse(before)) / hourMs
  return hours > limitHours ? { count: 1, worst: Math.round(hours), sample: `no pass for ${String(Math.round(hours))} hours` } : kept
}

/** Segments that read others, and were not evaluated for too long. */
async function findStaleSegments({ tx, applied, nowMs }: ObservationContext, limitHours: number): Promise<Observed> {
  const readers = Object.values(applied.segments).filter((each) => each.spec.readsSegments.length > 0)
  if (readers.length === 0) return kept
  const before = instantFromMs(nowMs - limitHours * hourMs)
  const stale = await tx.rows<{ segment: number; at: string }>(
    sqlText`select segment, evaluated_at as at from segment_state where evaluated_at < ${param(before)}::timestamp and segment in (${joined(readers.map((each) => param(each.uid)), ', ')}) order by evaluated_at`,
  )
  const [worst] = stale
  if (!worst) return kept
  return { count: stale.length, worst: Math.round((nowMs - Date.parse(worst.at)) / hourMs), sample: readers.find((each) => each.uid === worst.segment)?.spec.name ?? '' }
}

/** Destinations of which one change in twenty waits longer than the objective. Those on trial (dryRun) are never sent anything. */
async function findLateDeliveries({ tx, applied, nowMs }: ObservationContext, limitMinutes: number): Promise<Observed> {
  const live = Object.values(applied.destinations).filter((each) => !each.spec.dryRun)
  if (live.length === 0) return kept
  const late = await tx.rows<{ destination: number; minutes: number; waiting: number }>(
    sqlText`select destination, max(minutes) as minutes, count(*) filter (where minutes > ${param(limitMinutes)}) as waiting from
      (select destination, date_diff('second', since, ${param(instantFromMs(nowMs))}::timestamp) / 60.0 as minutes from outbox where state in ('waiting', 'sending') and destination in (${joined(live.map((each) => param(each.uid)), ', ')}))
      group by destination having count(*) filter (where minutes > ${param(limitMinutes)}) > count(*) * 0.05 order by minutes desc`,
  )
  const [worst] = late
  if (!worst) return kept
  return { count: late.reduce((total, each) => total + each.waiting, 0), worst: Math.round(worst.minutes), sample: live.find((each) => each.uid === worst.destination)?.spec.name ?? '' }
}
