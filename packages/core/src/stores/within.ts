// A store whose transactions are parts of one that is open: for doing several stages' work all or nothing.
import type { Connection, Store } from './store.js'

/** Closing and checkpoints are the outer store's. */
export function within(tx: Connection, store: Store): Store {
  return {
    path: store.path,
    dialect: tx.dialect,
    run: (sql) => tx.run(sql),
    rows: (sql) => tx.rows(sql),
    row: (sql) => tx.row(sql),
    chunks: (sql) => tx.chunks(sql),
    insert: (table, query) => tx.insert(table, query),
    append: (table, rows) => tx.append(table, rows),
    ensureTable: (table) => tx.ensureTable(table),
    temporaryTable: (table) => tx.temporaryTable(table),
    temporaryFrom: (table, query) => tx.temporaryFrom(table, query),
    findColumns: (table) => tx.findColumns(table),
    dropTable: (table) => tx.dropTable(table),
    transaction: (work) => work(tx),
    connect: () => Promise.resolve(within(tx, store)),
    checkpoint: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
