// What somebody decides about deliveries that do not go by themselves: try them again now, or give them up. What is on its way, and
// what a hold keeps back, is left as it is.
import type { Applied } from '../2-plan/applied.js'
import type { Clock } from '../kernel/clock.js'
import { param, sqlText } from '../kernel/sql-text.js'
import type { Connection, Store } from '../stores/store.js'
import { isWithdrawal } from './consent.js'
import { type DeliveryFilter, chosenDeliveries } from './open-deliveries.js'

export interface SettledByHand {
  readonly chosen: number
  readonly changed: number
}

/** They are due at once; those that were given up have three days again. */
export function retryDeliveries(store: Store, applied: Applied, filter: DeliveryFilter, clock: Clock): Promise<SettledByHand> {
  return store.transaction(async (tx) => {
    const chosen = await choose(tx, applied, filter)
    const now = sqlText`${param(clock.now())}::timestamp`
    const again = await tx.run(sqlText`update outbox set due_at = ${now} where state = 'waiting' and ${isChosen}`)
    const anew = await tx.run(sqlText`update outbox set state = 'waiting', delivery = null, attempt = 0, since = ${now}, due_at = ${now} where state not in ('waiting', 'sending') and ${isChosen}`)
    return { chosen, changed: again + anew }
  })
}

/**
 * Nothing more is sent of them until the membership changes again. Kept as rows, so that whoever is at the destination against our will
 * is known to be. Removals of people who no longer consent are not given up.
 */
export function skipDeliveries(store: Store, applied: Applied, filter: DeliveryFilter): Promise<SettledByHand> {
  return store.transaction(async (tx) => {
    const chosen = await choose(tx, applied, filter)
    const changed = await tx.run(sqlText`update outbox set state = 'skipped' where state not in ('sending', 'skipped') and ${isChosen} and not ${isWithdrawal}`)
    return { chosen, changed }
  })
}

const isChosen = sqlText`exists (select 1 from chosen c where c.destination = outbox.destination and c.segment = outbox.segment and c.id = outbox.id)`

async function choose(tx: Connection, applied: Applied, filter: DeliveryFilter): Promise<number> {
  await tx.temporaryFrom('chosen', chosenDeliveries(applied, filter))
  // What is held waits for its release; a change of a held segment that waits already does too.
  await tx.run(sqlText`delete from chosen where status = 'held'`)
  const { count } = await tx.row<{ count: number }>(sqlText`select count(*) as count from chosen`)
  return count
}
