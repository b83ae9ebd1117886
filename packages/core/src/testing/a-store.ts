// A store in memory for tests, with the tables of the B2B pack (or of the given entities), and rows put in by hand.
import type { EntityName, EntitySchema } from '../entities/entity-schema.js'
import { standardEntities } from '../entities/standard-entities.js'
import { type Clock, fixedClock } from '../kernel/clock.js'
import { name, param, sqlText } from '../kernel/sql-text.js'
import { partTable, unifiedTable } from '../stores/entity-tables.js'
import { openStore } from '../stores/open-store.js'
import type { Store, StoreValue } from '../stores/store.js'

export const testNow = '2026-11-23T06:00:00.000Z'

export async function aStore(entities: Readonly<Record<EntityName, EntitySchema>> = standardEntities, clock: Clock = fixedClock(testNow)): Promise<Store> {
  const store = await openStore({ path: ':memory:', clock })
  await store.transaction(async (tx) => {
    for (const schema of Object.values(entities)) {
      await tx.ensureTable(partTable(schema))
      await tx.ensureTable(unifiedTable(schema))
    }
  })
  return store
}

export interface PartRow {
  readonly key: string
  readonly fields: Readonly<Record<string, StoreValue>>
  readonly source?: number
  readonly changedAt?: string
  readonly deleted?: boolean
}

/** Puts parts in as ingestion would: with growing sequence numbers, a newer part in place of the one of the same key. */
export async function addParts(store: Store, schema: EntitySchema, fromSeq: number, rows: readonly PartRow[]): Promise<void> {
  const table = partTable(schema)
  await store.transaction(async (tx) => {
    for (const row of rows) await tx.run(sqlText`delete from ${name(table.name)} where _source_key = ${param(row.key)}`)
    await tx.append(table, rows.map((row, index) => {
      const lead: Readonly<Record<string, StoreValue>> = { _seq: fromSeq + index, _source_key: row.key, _source: row.source ?? 1, _stream: 'test', _changed_at: row.changedAt ?? testNow, _deleted: row.deleted ?? false }
      return table.columns.map((column) => lead[column.name] ?? row.fields[column.name] ?? null)
    }))
  })
}
