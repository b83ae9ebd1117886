// Opens the database of a sandbox: one per path in this process, one process per file, its tables there, its format known.
import { mkdirSync, realpathSync } from 'node:fs'
import { totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../kernel/clock.js'
import { fail } from '../kernel/error.js'
import type { Log } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { Database } from './duckdb/connection.js'
import { DuckDbStore } from './duckdb/store.js'
import { findLockHolder, toOwner } from './lock-holder.js'
import type { Store, Table } from './store.js'
import { controlTables, storeFormat } from './tables.js'

export interface OpenStoreOptions {
  /** A file, made when it is not there, or `:memory:`. */
  readonly path: string
  readonly clock: Clock
  readonly log?: Log
  /** How long to wait for another process to let go of the file. */
  readonly waitMs?: number
  /** As DuckDB writes it: `2GB`. Default: 40 % of the machine's memory, at most 2 GB. */
  readonly memoryLimit?: string
  /** How many databases this process has open, which share its memory. */
  readonly databases?: number
}

const metaTable: Table = { name: 'meta', columns: [{ name: 'format', type: 'int' }] }
const pollMs = 100
// Two instances on one file in one process both open and lose each other's tables, so each path is opened once.
const openPaths = new Set<string>()

/**
 * @throws store/in-use when another process keeps the file longer than `waitMs`; store/unreachable when it cannot be opened;
 * store/newer-format when a newer version wrote it.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const path = options.path === ':memory:' ? options.path : toRealPath(options.path)
  if (path !== ':memory:' && openPaths.has(path)) throw fail('store/in-use', { path: options.path, owner: 'this process', pid: process.pid })
  const database = await openDatabase(path, options)
  openPaths.add(path)
  const store = await DuckDbStore.open(path, database, () => openPaths.delete(path))
  try {
    await prepare(store)
  } catch (error) {
    await store.close()
    throw error
  }
  return store
}

async function prepare(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.ensureTable(metaTable)
    const [meta] = await tx.rows<{ format: number }>(sqlText`select format from meta`)
    if (meta && meta.format > storeFormat) throw fail('store/newer-format', { path: store.path, found: meta.format, known: storeFormat })
    if (!meta) await tx.run(sqlText`insert into meta values (${param(storeFormat)})`)
    for (const table of controlTables) await tx.ensureTable(table)
  })
}

async function openDatabase(path: string, options: OpenStoreOptions): Promise<Database> {
  const settings = { memoryLimit: options.memoryLimit ?? defaultMemoryLimit(options.databases ?? 1), ...(path === ':memory:' ? {} : { temporaryFolder: join(dirname(path), 'tmp') }) }
  let waitedMs = 0
  for (;;) {
    try {
      return await Database.open(path, settings)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      const holder = findLockHolder(reason)
      if (holder === undefined) throw fail('store/unreachable', { path: options.path, reason: firstLine(reason) }, { cause })
      if (waitedMs >= (options.waitMs ?? 0)) throw fail('store/in-use', { path: options.path, owner: toOwner(holder), pid: holder.pid }, { cause })
      await sleep(pollMs)
      waitedMs += pollMs
    }
  }
}

function firstLine(reason: string): string {
  return reason.split('\n', 1)[0] ?? reason
}

function toRealPath(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return join(realpathSync(dirname(path)), basename(path))
  } catch (cause) {
    throw fail('store/unreachable', { path, reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}

function defaultMemoryLimit(databases: number): string {
  const megabytes = Math.floor(Math.min(2048, (totalmem() * 0.4) / 1e6) / databases)
  return `${String(megabytes)}MB`
}
