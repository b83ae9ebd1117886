// The only importer of DuckDB's driver. Gives statements with bound parameters, appends, and typed results in our own values.
import type * as Driver from '@duckdb/node-api'
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBResult, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { instantFromMs } from '../../kernel/clock.js'
import { type SqlText, type SqlValue, name, render } from '../../kernel/sql-text.js'
import type { ColumnChunk, ColumnType, StoreRow, StoreValue, Table } from '../store.js'

export interface DriverOptions {
  readonly memoryLimit: string
  readonly temporaryFolder?: string
}

// Loaded with the first database: its library is the largest part of a start, and commands on files need none.
let driver: typeof Driver

/** One database of this process. Opening one path twice in a process loses data silently, so open-store.ts keeps them unique. */
export class Database {
  private constructor(private readonly instance: DuckDBInstance) {}

  static async open(path: string, options: DriverOptions): Promise<Database> {
    driver = await import('@duckdb/node-api')
    const instance = await driver.DuckDBInstance.create(path, {
      memory_limit: options.memoryLimit,
      checkpoint_threshold: '256MB',
      ...(options.temporaryFolder === undefined ? {} : { temp_directory: options.temporaryFolder, max_temp_directory_size: '50GB' }),
    })
    return new Database(instance)
  }

  async connect(): Promise<Session> {
    const connection = await this.instance.connect()
    await connection.run(`set timezone = 'UTC'`)
    return new Session(connection)
  }

  close(): void {
    this.instance.closeSync()
  }
}

export class Session {
  /** Of tables that were appended to. */
  readonly #layouts = new Map<string, Layout>()

  constructor(private readonly connection: DuckDBConnection) {}

  async run(sql: SqlText): Promise<number> {
    const { text, values } = render(sql)
    const result = await this.connection.run(text, values.map(toParameter), values.map(parameterType))
    return result.rowsChanged
  }

  async rows<Row extends StoreRow>(sql: SqlText): Promise<readonly Row[]> {
    const { text, values } = render(sql)
    const result = await this.connection.run(text, values.map(toParameter), values.map(parameterType))
    const names = result.columnNames()
    const rows: Row[] = []
    for await (const { columns, rows: count } of toChunks(result)) {
      for (let row = 0; row < count; row++) rows.push(Object.fromEntries(names.map((each, index) => [each, columns[index]?.[row] ?? null])) as Row)
    }
    return rows
  }

  /** Streams: the next statement on this session must wait until the last part was taken. */
  async *chunks(sql: SqlText): AsyncIterable<ColumnChunk> {
    const { text, values } = render(sql)
    yield* toChunks(await this.connection.stream(text, values.map(toParameter), values.map(parameterType)))
  }

  /** Rows in the order of `table.columns`; the table itself may hold its columns in another order, or more of them. */
  async append(table: Table, rows: readonly (readonly StoreValue[])[]): Promise<void> {
    if (rows.length === 0) return
    const appender = await this.connection.createAppender(table.name)
    const columns = await this.physicalColumns(table, appender)
    const types = columns.map((each) => each.type)
    for (let from = 0; from < rows.length; from += chunkSize) {
      const part = rows.slice(from, from + chunkSize)
      const chunk = driver.DuckDBDataChunk.create(types, part.length)
      columns.forEach(({ index, kind }, position) => { chunk.setColumnValues(position, part.map((row) => toDriverValue(row[index] ?? null, kind))) })
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
  }

  close(): void {
    this.connection.disconnectSync()
  }

  /** A table that was just made has its columns as they were given. */
  noteTemporary(table: Table): void {
    this.#layouts.set(table.name, { names: table.columns.map((each) => each.name), types: table.columns.map((each) => driverTypeOf(each.type)) })
  }

  private async physicalColumns(table: Table, appender: DuckDBAppender): Promise<readonly { readonly index: number; readonly kind: ColumnType; readonly type: DuckDBType }[]> {
    const { names, types } = this.findLayout(table.name, appender) ?? (await this.readLayout(table.name))
    return names.map((each, position) => {
      const index = table.columns.findIndex((column) => column.name === each)
      return { index, kind: table.columns[index]?.type ?? 'text', type: types[position] ?? driver.VARCHAR }
    })
  }

  /** Tables only ever gain columns: one with as many as when it was looked at is as it was. */
  private findLayout(table: string, appender: DuckDBAppender): Layout | undefined {
    const known = this.#layouts.get(table)
    return known?.names.length === appender.columnCount ? known : undefined
  }

  private async readLayout(table: string): Promise<Layout> {
    const result = await this.connection.run(`select * from ${render(name(table)).text} limit 0`)
    const layout = { names: result.columnNames(), types: result.columnTypes() }
    this.#layouts.set(table, layout)
    return layout
  }
}

interface Layout {
  readonly names: readonly string[]
  readonly types: readonly DuckDBType[]
}

function driverTypeOf(type: ColumnType): DuckDBType {
  switch (type) {
    case 'double': return driver.DOUBLE
    case 'int': return driver.INTEGER
    case 'bigint': return driver.BIGINT
    case 'boolean': return driver.BOOLEAN
    case 'instant': return driver.TIMESTAMP
    case 'texts': return driver.LIST(driver.VARCHAR)
    case 'text':
    case 'json': return driver.VARCHAR
  }
}

// DuckDB's vector size.
const chunkSize = 2048

function toDriverValue(value: StoreValue, type: ColumnType): DuckDBValue {
  if (value === null) return null
  switch (type) {
    case 'bigint':
      return BigInt(value as number)
    case 'instant':
      return new driver.DuckDBTimestampValue(BigInt(Date.parse(value as string)) * 1000n)
    case 'texts':
      return driver.listValue(value as readonly string[])
    case 'text':
    case 'double':
    case 'int':
    case 'boolean':
    case 'json':
      return value as string | number | boolean
  }
}

function toParameter(value: SqlValue): DuckDBValue {
  if (typeof value === 'number' && parameterType(value) === driver.BIGINT) return BigInt(value)
  return isList(value) ? driver.listValue(value) : value
}

function isList(value: SqlValue): value is readonly string[] {
  return Array.isArray(value)
}

function parameterType(value: SqlValue): DuckDBType {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? wholeNumberType(value) : driver.DOUBLE
  if (typeof value === 'bigint') return driver.BIGINT
  if (typeof value === 'boolean') return driver.BOOLEAN
  return isList(value) ? driver.LIST(driver.VARCHAR) : driver.VARCHAR
}

function wholeNumberType(value: number): DuckDBType {
  return Math.abs(value) < 2 ** 31 ? driver.INTEGER : driver.BIGINT
}

async function* toChunks(result: DuckDBResult): AsyncIterable<ColumnChunk> {
  const types = result.columnTypes()
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return
    yield { rows: chunk.rowCount, columns: types.map((type, index) => toColumn(chunk, index, type)) }
  }
}

function toColumn(chunk: DuckDBDataChunk, index: number, type: DuckDBType): ColumnChunk['columns'][number] {
  const vector = chunk.getColumnVector(index) as unknown as { readonly items?: unknown; readonly validity?: { itemValid(index: number): boolean } }
  if (type.typeId === driver.DuckDBTypeId.INTEGER && vector.items instanceof Int32Array && allValid(vector, chunk.rowCount)) return vector.items.slice(0, chunk.rowCount)
  if (type.typeId === driver.DuckDBTypeId.DOUBLE && vector.items instanceof Float64Array && allValid(vector, chunk.rowCount)) return vector.items.slice(0, chunk.rowCount)
  return chunk.getColumnValues(index).map(toStoreValue)
}

function allValid(vector: { readonly validity?: { itemValid(index: number): boolean } }, rows: number): boolean {
  for (let row = 0; row < rows; row++) if (vector.validity?.itemValid(row) === false) return false
  return true
}

function toStoreValue(value: DuckDBValue): StoreValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof driver.DuckDBTimestampValue) return instantFromMs(Number(value.micros / 1000n))
  if ('items' in value && Array.isArray(value.items)) return (value.items as readonly DuckDBValue[]).map((each) => String(each))
  return String(value)
}
