// Mapped records → part rows, each in place of the one before with the same source key.
import type { EntitySchema } from '../entities/entity-schema.js'
import type { Instant } from '../kernel/clock.js'
import { name, sqlText } from '../kernel/sql-text.js'
import { partTable } from '../stores/entity-tables.js'
import type { Connection, StoreValue, Table } from '../stores/store.js'

export interface PartWrite {
  readonly seq: number
  readonly sourceKey: string
  /** Undefined when the record was deleted. */
  readonly values: Readonly<Record<string, StoreValue>> | undefined
}

export interface PartOrigin {
  readonly source: number
  readonly stream: string
  readonly at: Instant
}

const writtenKey: Table = { name: 'written_key', columns: [{ name: 'source_key', type: 'text' }] }

export async function writeParts(tx: Connection, schema: EntitySchema, parts: readonly PartWrite[], { source, stream, at }: PartOrigin): Promise<void> {
  if (parts.length === 0) return
  const table = partTable(schema)
  await tx.temporaryTable(writtenKey)
  await tx.append(writtenKey, parts.map((each) => [each.sourceKey]))
  await tx.run(sqlText`delete from ${name(table.name)} where _source_key in (select source_key from written_key)`)
  // Most fields of an entity are in no record of a stream: only those that are cross into the engine value by value.
  const used = new Set(parts.flatMap(({ values }) => Object.keys(values ?? {})))
  const fields = Object.keys(schema.fields).filter((each) => used.has(each))
  const fresh: Table = { name: 'fresh_part', columns: table.columns.filter(({ name: column }) => !(column in schema.fields) || used.has(column)) }
  await tx.temporaryTable(fresh)
  await tx.append(fresh, parts.map(({ seq, sourceKey, values }) => {
    // What the source says about its last change decides the merge policy `timestamp`; else, when we read it.
    const changedAt = values?.['lastUpdatedDate'] ?? at
    return [seq, sourceKey, source, stream, changedAt, values === undefined, ...fields.map((each) => values?.[each] ?? null)]
  }))
  await tx.run(sqlText`insert into ${name(table.name)} by name select * from fresh_part`)
}
