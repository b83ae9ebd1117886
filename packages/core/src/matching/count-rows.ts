// How many rows of each relation a segment goes through, for telling what it costs.
import type { SqlText } from '../kernel/sql-text.js'
import { empty, sqlText } from '../kernel/sql-text.js'
import type { Connection } from '../stores/store.js'
import { type SourceRequest, rowSource } from './row-sources.js'

/** Rows of all profiles together; of events only those since an instant, where one is given. */
export async function countRows(store: Connection, relation: string, { sinceMs, ...source }: SourceRequest & { readonly sinceMs?: number | undefined }): Promise<number> {
  return (await store.row<{ rows: number }>(sqlText`select count(*) as rows from (${rowsSql(relation, source, since(store, relation, sinceMs))})`)).rows
}

function rowsSql(relation: string, request: SourceRequest, limit: SqlText): SqlText {
  const source = rowSource(relation, request)
  return source.kind === 'direct' ? sqlText`select 1 from ${source.from} where ${source.owner} is not null${limit}` : source.pairs
}

function since({ dialect }: Connection, relation: string, sinceMs: number | undefined): SqlText {
  return sinceMs === undefined || relation !== 'events' ? empty : sqlText` and b."timestamp" >= ${dialect.instantOf(sinceMs)}`
}
