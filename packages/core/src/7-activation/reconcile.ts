// Makes the remote audiences what they should be: those who were taken out by hand go in again with the next delivery, and from
// audiences that we made, those who do not belong there are removed. Whom a destination did not know is asked for again.
import type { Clock } from '../kernel/clock.js'
import { digest } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { batchSizeOf } from '../plugins/delivery-pace.js'
import type { Item, MemberRef } from '../plugins/sdk.js'
import type { Connection } from '../stores/store.js'
import { listActivations, ownRows } from './activations.js'
import type { AudienceDrift } from './delivery.js'
import { type DriftRequest, type ReadAudience, readBack, toDrift } from './find-drift.js'
import { askAgain } from './outbox.js'

export interface ReconcileRequest extends DriftRequest {
  readonly clock: Clock
}

/** What was found, and mended; the missing wait in the outbox for the next delivery. */
export async function reconcile(request: ReconcileRequest): Promise<readonly AudienceDrift[]> {
  const found: AudienceDrift[] = []
  const { store, applied, clock, only } = request
  for (const active of listActivations(applied)) {
    if (only === undefined || active.destination.spec.name === only) await store.transaction((tx) => askAgain(tx, ownRows(active), clock.now()))
  }
  for await (const read of readBack(request)) {
    await request.store.transaction((tx) => wantAgain(tx, read, request.clock))
    const removed = read.created ? await removeForeign(request, read) : 0
    found.push({ ...toDrift(read), removed })
  }
  return found
}

async function wantAgain(tx: Connection, { active, missing }: ReadAudience, clock: Clock): Promise<void> {
  if (missing.length === 0) return
  const own = ownRows(active)
  const at = clock.now()
  await tx.run(sqlText`create or replace temporary table gone as select unnest(${param(missing.map(String))})::integer as id`)
  await tx.run(sqlText`delete from remote_member where ${own} and id in (select id from gone)`)
  // What waits already is a later word: somebody who was to go out anyway is out.
  await tx.run(sqlText`delete from outbox where ${own} and wanted = 'out' and id in (select id from gone)`)
  await tx.run(
    sqlText`insert into outbox select ${param(active.destination.uid)}, ${param(active.segment.uid)}, m.id, 'in', (select coalesce(max(seq), 0) from membership_log), 'waiting', null, 0, ${param(at)}::timestamp, ${param(at)}::timestamp, null, null
      from membership m where m.segment = ${param(active.segment.uid)} and m.status = 'realized' and m.id in (select id from gone) and m.id not in (select id from outbox where ${own}) and m.id not in (select id from withheld where ${own}) order by m.id`,
  )
}

/** How many the destination says are out. */
async function removeForeign({ clock, connectors }: ReconcileRequest, { active, audience, foreign, connector }: ReadAudience): Promise<number> {
  const size = batchSizeOf(active.destination.spec.config, connectors(active.destination).capabilities)
  let removed = 0
  for (let from = 0; from < foreign.length; from += size) {
    const items = foreign.slice(from, from + size).map(toItem)
    const answer = await connector.remove({ id: digest([active.destination.uid, active.segment.uid, 'foreign', ...items.map((each) => each.key)]), at: clock.now(), audience, items })
    if ('items' in answer) removed += answer.items.filter((each) => each.status === 'ok' || each.status === 'noop').length
  }
  return removed
}

function toItem({ identities, sourceKey }: MemberRef): Item {
  return { key: digest([identities, sourceKey ?? null]), identities, sourceKeys: sourceKey === undefined ? [] : [sourceKey], payload: identities }
}
