// Stage 3: Plan → Applied. Does exactly what the plan says, all of it or nothing, and decides nothing.
import type { Applied } from '../2-plan/applied.js'
import type { Plan } from '../2-plan/plan.js'
import type { Clock } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'
import type { Connection, Store } from '../stores/store.js'
import { assertNotStale } from './lock.js'
import { prepareTables, recordState } from './steps/index.js'

export interface ApplyRequest {
  readonly plan: Pick<Plan, 'baseSerial' | 'blocks' | 'next'>
  readonly store: Store
  readonly clock: Clock
  /** Where relative paths of the applied configurations start. */
  readonly folder: string
  /** What must happen together with the change of the state, in the same transaction. */
  readonly alongside?: (tx: Connection) => Promise<void>
}

/**
 * Makes the planned state the applied one and gives it back.
 * @throws plan/stale when another apply came in between; apply/blocked when a protection or a safety limit stops it.
 */
export async function applyPlan({ plan, store, clock, folder, alongside }: ApplyRequest): Promise<Applied> {
  const block = plan.blocks[0]
  if (block) throw fail('apply/blocked', { address: block.address, detail: block.detail, next: block.help })
  const applied: Applied = { ...plan.next, serial: plan.baseSerial + 1, at: clock.now(), folder }
  await store.transaction(async (tx) => {
    await assertNotStale(tx, plan)
    for (const schema of Object.values(applied.entities)) await prepareTables(schema, tx)
    await alongside?.(tx)
    await recordState(applied, tx)
  })
  return applied
}
