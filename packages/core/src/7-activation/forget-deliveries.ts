// What was sent of one person, forgotten; and where the person still may be, because a destination could not be told yet.
import { type Applied, nameOf } from '../2-plan/applied.js'
import type { Json, JsonObject } from '../kernel/json.js'
import { type SqlText, joined, numbers, param, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'

/** An audience out of which a person could not be taken. */
export interface StillThere {
  readonly destination: string
  readonly segment: string
  readonly code: string | null
  readonly message: string | null
}

/** Where the person may still be, and why. */
export async function findStillThere(store: Connection, applied: Applied, ids: readonly number[]): Promise<readonly StillThere[]> {
  const rows = await store.rows<{ destination: number; segment: number; code: string | null; message: string | null }>(
    sqlText`select r.destination, r.segment, max(o.code) as code, max(o.message) as message from remote_member r left join outbox o on o.destination = r.destination and o.segment = r.segment and o.id = r.id
      where ${ownRows(applied, ids, sqlText`r.segment`, sqlText`r.id`)} group by r.destination, r.segment order by r.destination, r.segment`,
  )
  return rows.map((each) => ({ ...each, destination: nameOf(applied, 'Destination', each.destination), segment: nameOf(applied, 'Segment', each.segment) }))
}

/** Requests and receipts; of `everything` also what a removal needs, which is then not tried again. */
export async function forgetDeliveries(tx: Connection, applied: Applied, ids: readonly number[], { everything }: { readonly everything: boolean }): Promise<void> {
  const own = ownRows(applied, ids)
  const rows = await tx.rows<{ delivery: string; items: string }>(sqlText`select delivery, items from delivery where status <> 'sending' and delivery in (select delivery from receipt where ${own})`)
  for (const { delivery, items } of rows) {
    const others = (JSON.parse(items) as readonly (JsonObject & { readonly id: Json })[]).filter((each) => !ids.includes(Number(each.id)))
    await tx.run(sqlText`update delivery set items = ${param(JSON.stringify(others))} where delivery = ${param(delivery)}`)
  }
  await tx.run(sqlText`delete from receipt where ${own}`)
  await tx.run(sqlText`delete from withheld where ${own}`)
  if (!everything) return
  await tx.run(sqlText`delete from outbox where ${own}`)
  await tx.run(sqlText`delete from remote_member where ${own}`)
}

// Numbers of people and of accounts are the same numbers: only segments of people are meant.
function ownRows({ segments, retired }: Applied, ids: readonly number[], segment = sqlText`segment`, id = sqlText`id`): SqlText {
  const people = [...Object.values(segments), ...retired.map((each) => each.segment)].filter(({ spec }) => spec.entity === 'person').map((each) => param(each.uid))
  if (people.length === 0) return sqlText`false`
  return sqlText`${id} in ${numbers(ids)} and ${segment} in (${joined(people, ', ')})`
}
