// Events that come by themselves, many a second: numbered, kept raw and mapped, with a few statements for all of them. Those that the
// profiles cannot take at once are put where they take them from later. An event is taken once: keys that were taken before are known
// to the caller.
import { type EntitySchema } from '../entities/entity-schema.js'
import type { Instant } from '../kernel/clock.js'
import { sqlText } from '../kernel/sql-text.js'
import type { Change } from '../plugins/sdk.js'
import { partTable, rawTable } from '../stores/entity-tables.js'
import type { Connection, StoreValue, Table } from '../stores/store.js'

import type { StreamAddress } from './cursor.js'
import { writeQuarantine } from './quarantine.js'
import { takeSequence } from './record-sequence.js'
import { type BatchCounts, type StreamContext, mapAll, noCounts, toIncoming } from './store-changes.js'
import { dropForgotten } from './tombstones.js'
import type { PartOrigin, PartWrite } from './write-parts.js'

/** Keys of events that were taken; those of a transaction that failed are taken back by the caller. */
export interface TakenKeys {
  /** False when the stream's key was there. */
  add(stream: StreamAddress, key: string): boolean
}

/** An event as mapped, and where it is from. */
export interface MappedEvent extends PartWrite {
  readonly schema: EntitySchema
  readonly origin: PartOrigin
}

export interface StoredEvents {
  readonly counts: BatchCounts
  readonly events: readonly MappedEvent[]
}

export async function storeEvents(tx: Connection, context: StreamContext, changes: readonly Change[], { at, taken }: { readonly at: Instant; readonly taken: TakenKeys }): Promise<StoredEvents> {
  const { address, schema, mapping } = context
  const { incoming, unkeyed } = await toIncoming(changes, mapping)
  const fresh = incoming.filter((each) => taken.add(address, each.key))
  if (fresh.length + unkeyed.length === 0) return { counts: { ...noCounts, read: changes.length, unchanged: changes.length }, events: [] }
  const base = await takeSequence(tx, fresh.length + unkeyed.length)
  await tx.append(rawTable(address.source, address.stream), fresh.map((each, index) => [base + index + 1, each.key, 'upsert', at, each.text]))
  const { parts, refused, exceeded } = await dropForgotten(tx, context, await mapAll(context, fresh, base), { fresh, base })
  const origin = { ...address, at }
  const broken = unkeyed.map((each, index) => ({ seq: base + fresh.length + index + 1, key: null, code: each.code, field: null, message: each.message, record: each.text }))
  if (refused.length + broken.length > 0) await writeQuarantine(tx, address, [], [...refused, ...broken], at)
  const counts = { read: changes.length, changed: fresh.length, unchanged: incoming.length - fresh.length, deleted: 0, quarantined: refused.length + broken.length, exceeded }
  return { counts, events: parts.map((each) => ({ ...each, schema, origin })) }
}

/** Events wait in part_event until the profiles have taken them into the event table. */
export async function forgetTakenEvents(tx: Connection): Promise<void> {
  await tx.run(sqlText`delete from part_event where _seq <= (select coalesce(max(seq), 0) from profile_cursor)`)
}

/** Puts events where the profiles take them from. Most fields are in none of them: only those that are cross into the engine value by value. */
export async function stageEvents(tx: Connection, events: readonly MappedEvent[]): Promise<void> {
  const [first] = events
  if (!first) return
  const { schema } = first
  const table = partTable(schema)
  const used = new Set(events.flatMap(({ values }) => Object.keys(values ?? {})))
  const fields = Object.keys(schema.fields).filter((each) => used.has(each))
  const collected: Table = { name: 'collected_part', columns: table.columns.filter(({ name }) => !(name in schema.fields) || used.has(name)) }
  await tx.temporaryTable(collected)
  await tx.append(collected, events.map(({ seq, sourceKey, values, origin }): readonly StoreValue[] => [seq, sourceKey, origin.source, origin.stream, origin.at, false, ...fields.map((each) => values?.[each] ?? null)]))
  await tx.run(sqlText`insert into part_event by name select * from collected_part`)
}
