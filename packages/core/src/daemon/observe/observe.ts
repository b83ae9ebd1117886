// After a pass: what breaches a guardrail, as rows of `breach`. What is cheap is looked at each time; what reads everything once a day, or
// after a tenth of the profiles or events is new. A guardrail that is switched off has no row.
import type { RunTimeGuardrail } from '../../1-project/project.js'
import type { Clock, Instant } from '../../kernel/clock.js'
import { name, sqlText } from '../../kernel/sql-text.js'
import type { Connection, Store } from '../../stores/store.js'
import { breachTable } from '../../stores/tables.js'
import { ingestionObservations } from './ingestion-observations.js'
import { latencyObservations } from './latency-observations.js'
import { licenceObservations } from './licence-observations.js'
import { type Observation, type ObservationContext, type Observed, dayMs } from './observation.js'
import { profileObservations } from './profile-observations.js'
import { type BreachRow, readLooks } from './read-breaches.js'

export const observations: readonly Observation[] = [...profileObservations, ...ingestionObservations, ...licenceObservations, ...latencyObservations]

export interface ObserveRequest extends Omit<ObservationContext, 'tx' | 'at' | 'nowMs'> {
  readonly store: Store
  readonly clock: Clock
}

export function observe({ store, clock, ...pass }: ObserveRequest): Promise<void> {
  return store.transaction(async (tx) => {
    const context: ObservationContext = { ...pass, tx, at: clock.now(), nowMs: clock.nowMs() }
    const before = await readLooks(tx)
    const much = await broughtMuch(context)
    const rows: BreachRow[] = []
    for (const each of observations) {
      const limit = pass.applied.guardrails.limits[each.id]
      if (limit !== undefined) rows.push(await look(each, context, { limit, much, before: before.get(each.id) }))
    }
    await tx.run(sqlText`delete from breach`)
    await tx.append(breachTable, rows.map((each) => [each.guardrail, each.allowed, each.count, each.worst, each.sample, each.firstAt, each.lastAt]))
  })
}

const shareThatIsMuch = 0.1

async function broughtMuch({ tx, batches, profiles }: ObservationContext): Promise<boolean> {
  if (profiles.personsChanged > profiles.persons * shareThatIsMuch) return true
  const events = batches.filter((each) => each.entity === 'event').reduce((sum, each) => sum + each.changed, 0)
  return events > 0 && events > (await countEvents(tx)) * shareThatIsMuch
}

async function countEvents(tx: Connection): Promise<number> {
  const { events } = await tx.row<{ events: number }>(sqlText`select count(*) as events from ${name('event')}`)
  return events
}

interface Look {
  readonly limit: number
  readonly much: boolean
  readonly before: BreachRow | undefined
}

async function look(observation: Observation, context: ObservationContext, { limit, much, before }: Look): Promise<BreachRow> {
  const isSame = before?.allowed === limit
  if (isSame && !isDue(observation, context, { much, before })) return before
  const found = await observation.find(context, limit)
  // A moment is told for a day.
  if (isSame && observation.kind === 'moment' && found.count === 0 && before.count > 0 && !isDayOld(before.lastAt, context.nowMs)) return before
  return toRow(observation.id, found, { limit, before, at: context.at })
}

function isDue({ kind, changedBy }: Observation, context: ObservationContext, { much, before }: { readonly much: boolean; readonly before: BreachRow }): boolean {
  if (kind === 'thorough') return much || isDayOld(before.lastAt, context.nowMs)
  return changedBy?.(context) ?? true
}

function isDayOld(at: string, nowMs: number): boolean {
  return nowMs - Date.parse(at) >= dayMs
}

function toRow(guardrail: RunTimeGuardrail, found: Observed, { limit, before, at }: { readonly limit: number; readonly before: BreachRow | undefined; readonly at: Instant }): BreachRow {
  const firstAt = found.count === 0 ? null : (before?.firstAt ?? at)
  return { guardrail, allowed: limit, ...found, firstAt, lastAt: at }
}
