// What every engine gives: statements in one dialect-neutral form, bulk append, transactions, typed results.
// Stages write `SqlText`; an engine runs it. Nothing here is DuckDB.
import type { Dialect } from '../expressions/sql/dialect.js'
import type { SqlText } from '../kernel/sql-text.js'

/** `text`, `double`, 32- and 64-bit integers, `boolean`, `instant` (UTC, milliseconds), list of text, and JSON as text. */
export type ColumnType = 'text' | 'double' | 'int' | 'bigint' | 'boolean' | 'instant' | 'texts' | 'json'

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

/** As read back: 64-bit integers are numbers (they count rows), instants are ISO text with milliseconds and Z, JSON is its text. */
export type StoreValue = string | number | boolean | null | readonly string[]
export type StoreRow = Readonly<Record<string, StoreValue>>

/** Columns of a part of a result; numbers as typed arrays where no null can occur. */
export interface ColumnChunk {
  readonly rows: number
  readonly columns: readonly (readonly StoreValue[] | Int32Array | Float64Array)[]
}

export interface Connection {
  /** How this engine writes what engines write differently. */
  readonly dialect: Dialect
  /** Runs a statement; gives the number of rows that it changed. */
  run(sql: SqlText): Promise<number>
  /** All rows of a small result. */
  rows<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<readonly Row[]>
  /** The one row of a result that has exactly one. */
  row<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<Row>
  /** A large result in parts, in order, without holding it. */
  chunks(sql: SqlText): AsyncIterable<ColumnChunk>
  /** Adds the rows of a query, columns by their names; gives their number. Use it where a transaction adds to one table more than once. */
  insert(table: string, query: SqlText): Promise<number>
  /** The fast way in: rows as arrays in the order of the table's columns. */
  append(table: Table, rows: readonly (readonly StoreValue[])[]): Promise<void>
  /** Creates the table where it is missing and adds the columns that it lacks; never drops or retypes one. */
  ensureTable(table: Table): Promise<void>
  /** A table that only transactions of this store see, empty; it lasts until it is made anew. */
  temporaryTable(table: Table): Promise<void>
  /** A table of this transaction only, with the rows of a query (which may read the table's former self); gives their number. */
  temporaryFrom(table: string, query: SqlText): Promise<number>
  findColumns(table: string): Promise<readonly Column[]>
  dropTable(table: string): Promise<void>
}

export interface Store extends Connection {
  readonly path: string
  /** All or nothing; one at a time per store, others wait. A failure inside rolls back and is thrown on. */
  transaction<T>(work: (tx: Connection) => Promise<T>): Promise<T>
  /** The same database with connections of its own, for somebody who reads and makes temporary tables beside the others; transactions of all come one after the other. */
  connect(): Promise<Store>
  /** Writes the log into the file; call when idle. */
  checkpoint(): Promise<void>
  close(): Promise<void>
}
