// The store contract on DuckDB: one connection for statements, one for transactions, which come one after the other.
import { fail } from '../../kernel/error.js'
import { type SqlText, joined, name, param, sqlText } from '../../kernel/sql-text.js'
import type { Column, ColumnChunk, ColumnType, Connection, Store, StoreRow, StoreValue, Table } from '../store.js'
import type { Database, Session } from './connection.js'
import { duckdb } from './dialect.js'

/** What all connections to one database share. */
interface Shared {
  readonly database: Database
  readonly path: string
  readonly onClose: () => void
  /** The end of the last transaction. */
  queue: Promise<unknown>
}

export class DuckDbStore implements Store {
  readonly dialect = duckdb
  readonly path: string
  readonly #shared: Shared
  readonly #reader: DuckDbConnection
  readonly #writer: DuckDbConnection
  readonly #isOwner: boolean

  private constructor(shared: Shared, { reader, writer, isOwner }: { readonly reader: Session; readonly writer: Session; readonly isOwner: boolean }) {
    this.#shared = shared
    this.path = shared.path
    this.#reader = new DuckDbConnection(reader)
    this.#writer = new DuckDbConnection(writer)
    this.#isOwner = isOwner
  }

  static async open(path: string, database: Database, onClose: () => void): Promise<DuckDbStore> {
    const shared: Shared = { database, path, onClose, queue: Promise.resolve() }
    return new DuckDbStore(shared, { reader: await database.connect(), writer: await database.connect(), isOwner: true })
  }

  run(sql: SqlText): Promise<number> { return this.#reader.run(sql) }
  rows<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<readonly Row[]> { return this.#reader.rows<Row>(sql) }
  row<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<Row> { return this.#reader.row<Row>(sql) }
  chunks(sql: SqlText): AsyncIterable<ColumnChunk> { return this.#reader.chunks(sql) }
  insert(table: string, query: SqlText): Promise<number> { return this.#reader.insert(table, query) }
  append(table: Table, rows: readonly (readonly StoreValue[])[]): Promise<void> { return this.#reader.append(table, rows) }
  ensureTable(table: Table): Promise<void> { return this.#reader.ensureTable(table) }
  temporaryTable(table: Table): Promise<void> { return this.#reader.temporaryTable(table) }
  temporaryFrom(table: string, query: SqlText): Promise<number> { return this.#reader.temporaryFrom(table, query) }
  findColumns(table: string): Promise<readonly Column[]> { return this.#reader.findColumns(table) }
  dropTable(table: string): Promise<void> { return this.#reader.dropTable(table) }

  transaction<T>(work: (tx: Connection) => Promise<T>): Promise<T> {
    const result = this.#shared.queue.then(() => this.#inTransaction(work))
    this.#shared.queue = result.catch(() => undefined)
    return result
  }

  async #inTransaction<T>(work: (tx: Connection) => Promise<T>): Promise<T> {
    await this.#writer.run(sqlText`begin transaction`)
    try {
      const value = await work(this.#writer)
      await this.#writer.run(sqlText`commit`)
      return value
    } catch (error) {
      await this.#writer.run(sqlText`rollback`).catch(() => undefined)
      throw error
    }
  }

  async connect(): Promise<Store> {
    const { database } = this.#shared
    return new DuckDbStore(this.#shared, { reader: await database.connect(), writer: await database.connect(), isOwner: false })
  }

  async checkpoint(): Promise<void> {
    await this.#shared.queue
    await this.#writer.run(sqlText`checkpoint`)
  }

  /** The first store closes the database; the others only their connections. */
  async close(): Promise<void> {
    await this.#shared.queue
    this.#reader.close()
    this.#writer.close()
    if (!this.#isOwner) return
    this.#shared.database.close()
    this.#shared.onClose()
  }
}

const fewRows = 100_000

class DuckDbConnection implements Connection {
  readonly dialect = duckdb

  constructor(private readonly session: Session) {}

  run(sql: SqlText): Promise<number> {
    return this.session.run(sql)
  }

  rows<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<readonly Row[]> {
    return this.session.rows<Row>(sql)
  }

  async row<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<Row> {
    const [only, ...others] = await this.rows<Row>(sql)
    if (!only || others.length > 0) throw fail('store/not-one-row', { rows: only ? others.length + 1 : 0 })
    return only
  }

  chunks(sql: SqlText): AsyncIterable<ColumnChunk> {
    return this.session.chunks(sql)
  }

  // DuckDB 1.5.6: in one transaction, a large insert, an insert of no rows, and another large insert into the same table leave
  // the last one invisible until the commit (seen at 400,000 + 0 + 1,970,000 rows). So no insert of no rows is ever sent.
  async insert(table: string, query: SqlText): Promise<number> {
    const rows = await this.temporaryFrom('to_insert', query)
    if (rows > 0) await this.run(sqlText`insert into ${name(table)} by name select * from to_insert`)
    // A few rows are overwritten by the next insert sooner than they are worth a statement.
    if (rows > fewRows) await this.dropTable('to_insert')
    return rows
  }

  append(table: Table, rows: readonly (readonly StoreValue[])[]): Promise<void> {
    return this.session.append(table, rows)
  }

  async ensureTable(table: Table): Promise<void> {
    await this.run(sqlText`create table if not exists ${name(table.name)} (${columnList(table.columns)})`)
    const present = new Set((await this.findColumns(table.name)).map((each) => each.name))
    for (const column of table.columns) {
      if (!present.has(column.name)) await this.run(sqlText`alter table ${name(table.name)} add column ${columnDefinition(column)}`)
    }
  }

  async temporaryTable(table: Table): Promise<void> {
    await this.run(sqlText`create or replace temporary table ${name(table.name)} (${columnList(table.columns)})`)
    this.session.noteTemporary(table)
  }

  async temporaryFrom(table: string, query: SqlText): Promise<number> {
    const [made] = await this.rows<{ Count: number }>(sqlText`create or replace temporary table ${name(table)} as ${query}`)
    return made?.Count ?? 0
  }

  async findColumns(table: string): Promise<readonly Column[]> {
    const rows = await this.rows<{ name: string; type: string }>(
      sqlText`select column_name as name, data_type as type from duckdb_columns() where table_name = ${param(table)} order by column_index`,
    )
    return rows.map((each) => ({ name: each.name, type: columnTypeOf(each.type) }))
  }

  async dropTable(table: string): Promise<void> {
    await this.run(sqlText`drop table if exists ${name(table)}`)
  }

  close(): void {
    this.session.close()
  }
}

// JSON is kept as its text: nobody asks the engine to look inside, and other engines have no such type.
const typeNames: Readonly<Record<ColumnType, SqlText>> = {
  text: sqlText`varchar`, double: sqlText`double`, int: sqlText`integer`, bigint: sqlText`bigint`, boolean: sqlText`boolean`,
  instant: sqlText`timestamp`, texts: sqlText`varchar[]`, json: sqlText`varchar`,
}

function columnDefinition({ name: column, type }: Column): SqlText {
  return sqlText`${name(column)} ${typeNames[type]}`
}

function columnList(columns: readonly Column[]): SqlText {
  return joined(columns.map(columnDefinition), ', ')
}

function columnTypeOf(type: string): ColumnType {
  switch (type) {
    case 'DOUBLE': return 'double'
    case 'INTEGER': return 'int'
    case 'BIGINT': return 'bigint'
    case 'BOOLEAN': return 'boolean'
    case 'TIMESTAMP': return 'instant'
    case 'VARCHAR[]': return 'texts'
    default: return 'text'
  }
}
