// One apply at a time: the state is read and written in one transaction, and the store has one owner process.
import { fail } from '../kernel/error.js'
import type { Plan } from '../2-plan/plan.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

/** Refuses a plan that was made for another state than the one it would change. */
export async function assertNotStale(tx: Connection, plan: Pick<Plan, 'baseSerial'>): Promise<void> {
  const { serial } = await tx.row<{ serial: number }>(sqlText`select coalesce(max(serial), ${param(0)}) as serial from applied`)
  if (serial !== plan.baseSerial) throw fail('plan/stale', { planned: plan.baseSerial, found: serial })
}
