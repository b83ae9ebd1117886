// The store of a sandbox that somebody else owns, by the admin socket: a command works on it as on a file of its own.
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import type { Dialect } from '../../expressions/sql/dialect.js'
import { fail } from '../../kernel/error.js'
import type { Json } from '../../kernel/json.js'
import type { SqlText } from '../../kernel/sql-text.js'
import type { Column, ColumnChunk, Connection, Store, StoreRow, StoreValue, Table } from '../store.js'
import { type DaemonAddress, connectByHttp } from './connect-by-http.js'
import { type Answer, Lines, type Request, fromErrorWire, toSqlWire } from './wire.js'

/** Undefined when nobody listens there. */
export async function findRemoteStore(socketPath: string, options: { readonly path: string; readonly dialect: Dialect }): Promise<RemoteStore | undefined> {
  const socket = connect(socketPath)
  try {
    await once(socket, 'connect')
    return new RemoteStore(new Line(socket), options)
  } catch {
    socket.destroy()
    return undefined
  }
}

/** The same at a daemon elsewhere. */
export async function openRemoteStore(address: DaemonAddress, options: { readonly path: string; readonly dialect: Dialect }): Promise<RemoteStore> {
  return new RemoteStore(new Line(await connectByHttp(address)), options)
}

interface Pending {
  resolve(value: Json): void
  reject(error: Error): void
  onPart?(part: Json): void
}

type Question = Request extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never

/** Questions and their answers, which come in any order. */
class Line {
  readonly #pending = new Map<number, Pending>()
  #last = 0

  constructor(private readonly socket: Socket) {
    const lines = new Lines((line) => { this.take(JSON.parse(line) as Answer) })
    socket.on('data', (part: Buffer) => { lines.take(part) })
    socket.on('error', () => undefined)
    socket.once('close', () => {
      for (const each of this.#pending.values()) each.reject(fail('daemon/gone', {}))
      this.#pending.clear()
    })
  }

  ask(question: Question, onPart?: (part: Json) => void): Promise<Json> {
    return new Promise((resolve, reject) => {
      if (!this.socket.writable) {
        reject(fail('daemon/gone', {}))
        return
      }
      const id = ++this.#last
      this.#pending.set(id, { resolve, reject, ...(onPart ? { onPart } : {}) })
      this.socket.write(`${JSON.stringify({ id, ...question })}\n`)
    })
  }

  async close(): Promise<void> {
    if (this.socket.destroyed) return
    this.socket.end()
    await once(this.socket, 'close')
  }

  private take(answer: Answer): void {
    const pending = this.#pending.get(answer.id)
    if (!pending) return
    if ('part' in answer) {
      pending.onPart?.(answer.part)
      return
    }
    this.#pending.delete(answer.id)
    if ('error' in answer) pending.reject(fromErrorWire(answer.error))
    else pending.resolve(answer.value)
  }
}

class RemoteConnection implements Connection {
  constructor(private readonly line: Line, readonly dialect: Dialect, private readonly inside: boolean) {}

  async run(sql: SqlText): Promise<number> { return (await this.line.ask({ inside: this.inside, do: 'run', sql: toSqlWire(sql) })) as number }
  async rows<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<readonly Row[]> { return (await this.line.ask({ inside: this.inside, do: 'rows', sql: toSqlWire(sql) })) as unknown as readonly Row[] }
  async row<Row extends StoreRow = StoreRow>(sql: SqlText): Promise<Row> { return (await this.line.ask({ inside: this.inside, do: 'row', sql: toSqlWire(sql) })) as unknown as Row }
  async insert(table: string, query: SqlText): Promise<number> { return (await this.line.ask({ inside: this.inside, do: 'insert', table, sql: toSqlWire(query) })) as number }
  async temporaryFrom(table: string, query: SqlText): Promise<number> { return (await this.line.ask({ inside: this.inside, do: 'temporaryFrom', table, sql: toSqlWire(query) })) as number }
  async append(table: Table, rows: readonly (readonly StoreValue[])[]): Promise<void> { await this.line.ask({ inside: this.inside, do: 'append', table, rows }) }
  async ensureTable(table: Table): Promise<void> { await this.line.ask({ inside: this.inside, do: 'ensureTable', table }) }
  async temporaryTable(table: Table): Promise<void> { await this.line.ask({ inside: this.inside, do: 'temporaryTable', table }) }
  async findColumns(table: string): Promise<readonly Column[]> { return (await this.line.ask({ inside: this.inside, do: 'findColumns', table })) as unknown as readonly Column[] }
  async dropTable(table: string): Promise<void> { await this.line.ask({ inside: this.inside, do: 'dropTable', table }) }

  async *chunks(sql: SqlText): AsyncIterable<ColumnChunk> {
    const parts: ColumnChunk[] = []
    let wake: () => void = () => undefined
    let end: { readonly error?: unknown } | undefined
    const finish = (how: { readonly error?: unknown }): void => { end = how; wake() }
    this.line.ask({ inside: this.inside, do: 'chunks', sql: toSqlWire(sql) }, (part) => { parts.push(part as unknown as ColumnChunk); wake() })
      .then(() => { finish({}) }, (error: unknown) => { finish({ error }) })
    for (;;) {
      const part = parts.shift()
      if (part) yield part
      else if (end) {
        if ('error' in end) throw end.error
        return
      } else await new Promise<void>((resolve) => { wake = resolve })
    }
  }
}

export class RemoteStore extends RemoteConnection implements Store {
  readonly path: string
  readonly #line: Line
  readonly #writer: RemoteConnection
  #queue: Promise<unknown> = Promise.resolve()

  constructor(line: Line, { path, dialect }: { readonly path: string; readonly dialect: Dialect }) {
    super(line, dialect, false)
    this.#line = line
    this.#writer = new RemoteConnection(line, dialect, true)
    this.path = path
  }

  transaction<T>(work: (tx: Connection) => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => this.#inTransaction(work))
    this.#queue = result.catch(() => undefined)
    return result
  }

  async #inTransaction<T>(work: (tx: Connection) => Promise<T>): Promise<T> {
    await this.#line.ask({ do: 'begin' })
    try {
      const value = await work(this.#writer)
      await this.#line.ask({ do: 'commit' })
      return value
    } catch (error) {
      await this.#line.ask({ do: 'rollback' }).catch(() => undefined)
      throw error
    }
  }

  /** Asks the owner to do something itself. */
  ask(verb: string, options: Json, onProgress?: (progress: Json) => void): Promise<Json> {
    return this.#line.ask({ do: 'ask', verb, options }, onProgress)
  }

  connect(): Promise<Store> {
    return Promise.resolve(this)
  }

  async checkpoint(): Promise<void> {
    await this.#line.ask({ do: 'checkpoint' })
  }

  async close(): Promise<void> {
    await this.#queue
    await this.#line.close()
  }
}
