// The owner's end of the admin socket: everybody who connects gets connections of their own to the one database. Who may connect is
// told by the file system: the socket is its owner's alone.
import { chmodSync, rmSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'
import { once } from 'node:events'
import { fail } from '../../kernel/error.js'
import { type Json, isJsonObject } from '../../kernel/json.js'
import type { Connection, Store } from '../store.js'
import { type Answer, Lines, type Request, fromSqlWire, toErrorWire } from './wire.js'

/** What can be asked besides statements; `tell` may be called with progress until it ends. */
export type Verbs = Readonly<Record<string, (options: Json, tell: (progress: Json) => void) => Promise<Json>>>

export interface ServeStoreOptions {
  readonly path: string
  readonly store: Store
  readonly verbs: Verbs
  /** Somebody else's transaction was committed. */
  readonly onCommit: () => void
  /** A transaction in which nothing happens for so long is taken back: its owner may hang, and others wait. */
  readonly idleTransactionMs?: number
}

export interface StoreService {
  /** Somebody who came by another way and may. */
  accept(socket: Socket): void
  close(): Promise<void>
}

const usualIdleMs = 30_000

/** Takes the path from a daemon that was killed; only the owner of the store may call it. */
export async function serveStore(options: ServeStoreOptions): Promise<StoreService> {
  rmSync(options.path, { force: true })
  const sessions = new Set<StoreSession>()
  const accept = (socket: Socket): void => {
    const session = new StoreSession(socket, options)
    sessions.add(session)
    socket.once('close', () => { void session.leaving.finally(() => sessions.delete(session)) })
  }
  const server: Server = createServer(accept)
  server.listen(options.path)
  await once(server, 'listening')
  chmodSync(options.path, 0o600)
  return {
    accept,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      await Promise.all([...sessions].map((each) => each.end()))
      await closed
      await Promise.all([...sessions].map((each) => each.leaving))
    },
  }
}

interface OpenTransaction {
  readonly tx: Connection
  readonly done: Promise<void>
  commit(): void
  rollback(reason: Error): void
}

class StoreSession {
  readonly #store: Promise<Store>
  #transaction: OpenTransaction | undefined
  #idle: NodeJS.Timeout | undefined
  #asked: Promise<unknown> = Promise.resolve()
  #leaving: Promise<void> = Promise.resolve()

  constructor(private readonly socket: Socket, private readonly options: ServeStoreOptions) {
    this.#store = options.store.connect()
    const lines = new Lines((line) => { void this.take(line) })
    socket.on('data', (part) => { lines.take(part) })
    socket.on('error', () => undefined)
    socket.once('close', () => { this.#leaving = this.leave() })
  }

  /** What is on its way is answered first; a transaction that is open is not waited for. */
  async end(): Promise<void> {
    this.#transaction?.rollback(fail('daemon/stopping', {}))
    await Promise.allSettled([this.#store, this.#asked])
    this.socket.end()
  }

  /** Ends when its connections are closed; at once as long as the other side is there. */
  get leaving(): Promise<void> {
    return this.#leaving
  }

  /** The driver does not survive that a connection is closed under a statement: what runs comes to its end first. */
  private async leave(): Promise<void> {
    const gone = new Error('the connection was closed')
    this.#transaction?.rollback(gone)
    await this.#asked
    // One that had to wait for its turn has begun by now.
    this.#transaction?.rollback(gone)
    await this.#transaction?.done.catch(() => undefined)
    await (await this.#store).close()
  }

  private async take(line: string): Promise<void> {
    const request = findRequest(line)
    if (!request) {
      // Whoever says what is no question does not speak this language.
      this.socket.destroy()
      return
    }
    const work = this.answer(request)
    this.#asked = Promise.all([this.#asked, work])
    await work
  }

  private async answer(request: Request): Promise<void> {
    try {
      this.send({ id: request.id, value: (await this.work(request)) ?? null })
    } catch (error) {
      this.send({ id: request.id, error: toErrorWire(error) })
    }
  }

  private async work(request: Request): Promise<Json | undefined> {
    const store = await this.#store
    if ('inside' in request) return this.statement(request.inside ? this.inside() : store, request)
    switch (request.do) {
      case 'begin':
        return this.begin(store)
      case 'commit':
      case 'rollback':
        return this.endTransaction(request.do)
      case 'checkpoint':
        await store.checkpoint()
        return undefined
      case 'ask': {
        const verb = this.options.verbs[request.verb]
        if (!verb) throw fail('daemon/unknown-verb', { verb: request.verb })
        return verb(request.options, (progress) => { this.send({ id: request.id, part: progress }) })
      }
    }
  }

  private async statement(connection: Connection, request: Extract<Request, { readonly inside: boolean }>): Promise<Json | undefined> {
    switch (request.do) {
      case 'run':
        return connection.run(fromSqlWire(request.sql))
      case 'rows':
        return connection.rows(fromSqlWire(request.sql))
      case 'row':
        return connection.row(fromSqlWire(request.sql))
      case 'chunks': {
        for await (const { rows, columns } of connection.chunks(fromSqlWire(request.sql))) {
          const isReady = this.send({ id: request.id, part: { rows, columns: columns.map((each) => [...each]) } })
          if (!isReady) await this.drained()
          if (this.socket.destroyed) return undefined
        }
        return undefined
      }
      case 'insert':
        return connection.insert(request.table, fromSqlWire(request.sql))
      case 'temporaryFrom':
        return connection.temporaryFrom(request.table, fromSqlWire(request.sql))
      case 'append':
        await connection.append(request.table, request.rows)
        return undefined
      case 'ensureTable':
        await connection.ensureTable(request.table)
        return undefined
      case 'temporaryTable':
        await connection.temporaryTable(request.table)
        return undefined
      case 'findColumns':
        return (await connection.findColumns(request.table)).map((each) => ({ ...each }))
      case 'dropTable':
        await connection.dropTable(request.table)
        return undefined
    }
  }

  private inside(): Connection {
    if (!this.#transaction) throw fail('store/no-transaction', {})
    this.watch()
    return this.#transaction.tx
  }

  private async begin(store: Store): Promise<undefined> {
    if (this.#transaction) throw fail('store/no-transaction', {})
    await new Promise<void>((resolve, reject) => {
      const done = store.transaction((tx) => new Promise<void>((commit, rollback) => {
        this.#transaction = { tx, commit, rollback, get done() { return done } }
        this.watch()
        resolve()
      }))
      done.catch(reject)
    })
    return undefined
  }

  private async endTransaction(how: 'commit' | 'rollback'): Promise<undefined> {
    const open = this.#transaction
    if (!open) throw fail('store/no-transaction', {})
    this.#transaction = undefined
    clearTimeout(this.#idle)
    if (how === 'commit') open.commit()
    else open.rollback(new Error('taken back'))
    await (how === 'commit' ? open.done : open.done.catch(() => undefined))
    if (how === 'commit') this.options.onCommit()
    return undefined
  }

  private watch(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      this.#transaction?.rollback(new Error('nothing happened in the transaction for too long'))
      this.#transaction = undefined
    }, this.options.idleTransactionMs ?? usualIdleMs)
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => { this.socket.off('drain', done).off('close', done); resolve() }
      this.socket.once('drain', done).once('close', done)
    })
  }

  private send(answer: Answer): boolean {
    return this.socket.writable ? this.socket.write(`${JSON.stringify(answer)}\n`) : true
  }
}

function findRequest(line: string): Request | undefined {
  try {
    const parsed = JSON.parse(line) as Json
    return isJsonObject(parsed) ? (parsed as unknown as Request) : undefined
  } catch {
    return undefined
  }
}
