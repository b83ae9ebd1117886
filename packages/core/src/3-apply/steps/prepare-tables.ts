// Tables for the entities of the new state: missing ones and missing columns are added, nothing is lost. A field that
// changed its type gets a new column; the next run fills it from the raw records.
import type { EntitySchema } from '../../entities/entity-schema.js'
import { type SqlText, name, sqlText } from '../../kernel/sql-text.js'
import { partTable, unifiedTable } from '../../stores/entity-tables.js'
import type { ColumnType, Connection, Table } from '../../stores/store.js'

export async function prepareTables(schema: EntitySchema, tx: Connection): Promise<void> {
  for (const table of [partTable(schema), unifiedTable(schema)]) {
    await dropRetypedColumns(table, tx)
    await tx.ensureTable(table)
  }
}

async function dropRetypedColumns(table: Table, tx: Connection): Promise<void> {
  const wanted = new Map(table.columns.map((each) => [each.name, stored(each.type)]))
  for (const column of await tx.findColumns(table.name)) {
    const type = wanted.get(column.name)
    if (type !== undefined && type !== stored(column.type)) await tx.run(dropColumn(table.name, column.name))
  }
}

// JSON is stored as its text, so the two cannot be told apart, and need not be.
function stored(type: ColumnType): ColumnType {
  return type === 'json' ? 'text' : type
}

function dropColumn(table: string, column: string): SqlText {
  return sqlText`alter table ${name(table)} drop column ${name(column)}`
}
