// Parquet → rows as JSON objects, in parts, without holding the file. Uses an engine of its own: no sandbox is touched.
import type { JsonObject } from '../../kernel/json.js'
import { param, sqlText } from '../../kernel/sql-text.js'
import { Database } from './connection.js'

export type ReadParquet = (path: string) => AsyncIterable<readonly JsonObject[]>

export const readParquet: ReadParquet = async function* (path) {
  const database = await Database.open(':memory:', { memoryLimit: '500MB' })
  const session = await database.connect()
  try {
    for await (const { columns } of session.chunks(sqlText`select to_json(t)::varchar as row from read_parquet(${param(path)}) t`)) {
      yield [...(columns[0] ?? [])].map((row) => withoutNulls(JSON.parse(String(row)) as JsonObject))
    }
  } finally {
    session.close()
    database.close()
  }
}

function withoutNulls(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}
