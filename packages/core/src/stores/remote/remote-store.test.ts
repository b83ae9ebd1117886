import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '../../kernel/clock.js'
import { fail, isCdpError } from '../../kernel/error.js'
import { param, sqlText } from '../../kernel/sql-text.js'
import { testNow } from '../../testing/a-store.js'
import { duckdb } from '../duckdb/dialect.js'
import { openStore } from '../open-store.js'
import type { Store, Table } from '../store.js'
import { type RemoteStore, findRemoteStore } from './remote-store.js'
import { type StoreService, serveStore } from './serve-store.js'
import { toSqlWire } from './wire.js'

describe('store by the admin socket', () => {
  let owner: Store
  let service: StoreService
  let path: string
  let commits: number

  beforeEach(async () => {
    owner = await openStore({ path: ':memory:', clock: fixedClock(testNow) })
    path = join(mkdtempSync(join(tmpdir(), 'cdp-')), 'daemon.sock')
    commits = 0
    service = await serveStore({
      path, store: owner, onCommit: () => { commits++ }, idleTransactionMs: 200,
      verbs: { double: (options, tell) => { tell('half way'); return Promise.resolve(2 * (options as number)) }, fail: () => Promise.reject(fail('plan/stale', { planned: 1, found: 2 })) },
    })
  })
  afterEach(async () => {
    await service.close()
    await owner.close()
  })

  const remote = async (): Promise<RemoteStore> => {
    const found = await findRemoteStore(path, { path: 'sandbox', dialect: duckdb })
    assert.ok(found)
    return found
  }
  const askAndGo = async (question: object): Promise<void> => {
    const socket = connect(path)
    await once(socket, 'connect')
    await new Promise<void>((written) => { socket.write(`${JSON.stringify({ id: 1, ...question })}\n`, () => { written() }) })
    socket.destroy()
  }
  const thing: Table = { name: 'thing', columns: [{ name: 'id', type: 'bigint' }, { name: 'text', type: 'text' }, { name: 'at', type: 'instant' }, { name: 'list', type: 'texts' }, { name: 'half', type: 'double' }, { name: 'yes', type: 'boolean' }] }
  const row = [2 ** 40, 'Ä\n"🙂', testNow, ['a', 'b'], 0.5, true] as const

  it('works like the store itself: every kind of value, statements, appends, large results in parts', async () => {
    const store = await remote()
    await store.ensureTable(thing)
    await store.transaction((tx) => tx.append(thing, [row, [1, null, null, null, null, null]]))
    assert.deepEqual(await store.rows(sqlText`select * from thing order by id desc`), [{ id: 2 ** 40, text: 'Ä\n"🙂', at: testNow, list: ['a', 'b'], half: 0.5, yes: true }, { id: 1, text: null, at: null, list: null, half: null, yes: null }])
    assert.deepEqual(await store.row(sqlText`select ${param(2n ** 50n)} as big, ${param(['x'])} as list`), { big: 2 ** 50, list: ['x'] })
    assert.deepEqual([await store.insert('thing', sqlText`select 7 as id`), await store.run(sqlText`delete from thing where id = 7`), await store.temporaryFrom('mine', sqlText`select 1 as one from range(3)`)], [1, 1, 3])
    let rows = 0
    for await (const part of store.chunks(sqlText`select range as n, 'text ' || range as t from range(100000)`)) rows += part.rows
    assert.equal(rows, 100_000)
    assert.deepEqual((await store.findColumns('thing')).map((each) => each.type), ['bigint', 'text', 'instant', 'texts', 'double', 'boolean'])
    await store.close()
    assert.equal(commits, 1)
  })

  it('gives everybody temporary tables of their own', async () => {
    const [one, other] = [await remote(), await remote()]
    await one.temporaryFrom('mine', sqlText`select 1 as n`)
    await other.temporaryFrom('mine', sqlText`select 2 as n`)
    assert.deepEqual(await one.row(sqlText`select n from mine`), { n: 1 })
    await Promise.all([one.close(), other.close()])
  })

  it('takes back what fails, and what its owner left', async () => {
    await owner.ensureTable(thing)
    const store = await remote()
    await assert.rejects(store.transaction(async (tx) => { await tx.append(thing, [row]); throw new Error('no') }), /no/)
    const left = await remote()
    void left.transaction(async (tx) => { await tx.append(thing, [row]); await left.close(); await new Promise(() => undefined) }).catch(() => undefined)
    await owner.transaction(() => Promise.resolve())
    assert.deepEqual(await store.rows(sqlText`select * from thing`), [])
    await store.close()
  })

  it('closes no connection under a statement of somebody who is gone, and gives nobody a turn who is not there any more', async () => {
    await owner.ensureTable(thing)
    const many = toSqlWire(sqlText`select range as n, 'text ' || range as t from range(300000)`)
    await owner.transaction(async () => {
      await Promise.all([{ do: 'begin' }, ...['rows', 'chunks'].map((each) => ({ inside: false, do: each, sql: many })), { inside: false, do: 'append', table: thing, rows: [row] }].map(askAndGo))
    })
    await owner.transaction(() => Promise.resolve())
    await service.close()
    assert.deepEqual((await owner.rows(sqlText`select id from thing`)).map((each) => each['id']), [2 ** 40])
    service = await serveStore({ path, store: owner, verbs: {}, onCommit: () => undefined })
  })

  it('ends well however many are just coming and going', async () => {
    const question = `${JSON.stringify({ id: 1, inside: false, do: 'rows', sql: toSqlWire(sqlText`select range as n from range(2000)`) })}\n`
    for (let round = 0; round < 15; round++) {
      await Promise.all(Array.from({ length: 6 }, async (_, place) => {
        const socket = connect(path)
        await once(socket, 'connect')
        if (round % 2 === 0) socket.write(question)
        if (place % 2 === 1) await new Promise((resolve) => { setTimeout(resolve, place) })
        socket.destroy()
      }))
      await service.close()
      await owner.close()
      owner = await openStore({ path: ':memory:', clock: fixedClock(testNow) })
      service = await serveStore({ path, store: owner, verbs: {}, onCommit: () => undefined })
    }
  })

  it('lets nobody keep the others waiting with a transaction in which nothing happens', async () => {
    const store = await remote()
    await assert.rejects(store.transaction(async (tx) => { await new Promise((resolve) => { setTimeout(resolve, 600) }); await tx.run(sqlText`select 1`) }), (error) => isCdpError(error, 'store/no-transaction'))
    await owner.transaction(() => Promise.resolve())
    await store.close()
  })

  it('asks the owner to do something, hears of its progress, and of its errors with their codes', async () => {
    const store = await remote()
    const told: unknown[] = []
    assert.equal(await store.ask('double', 21, (each) => told.push(each)), 42)
    assert.deepEqual(told, ['half way'])
    await assert.rejects(store.ask('fail', null), (error) => isCdpError(error, 'plan/stale') && error.exit === 5)
    await assert.rejects(store.ask('dance', null), (error) => isCdpError(error, 'daemon/unknown-verb'))
    await assert.rejects(store.rows(sqlText`select * from nowhere`), /nowhere/)
    await store.close()
  })

  it('tells that the owner is gone, and finds nobody where nobody listens', async () => {
    const store = await remote()
    await service.close()
    await assert.rejects(store.rows(sqlText`select 1`), (error) => isCdpError(error, 'daemon/gone'))
    assert.equal(await findRemoteStore(path, { path: 'sandbox', dialect: duckdb }), undefined)
    service = await serveStore({ path, store: owner, verbs: {}, onCommit: () => undefined })
  })
})
