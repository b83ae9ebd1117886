import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { findLockHolder } from './lock-holder.js'
import { openStore } from './open-store.js'
import type { Store, Table } from './store.js'
import { takeOver } from './take-over.js'

const clock = fixedClock('2026-11-23T06:00:00.000Z')
const everything: Table = {
  name: 'every thing',
  columns: [{ name: 'text', type: 'text' }, { name: 'number', type: 'double' }, { name: 'int', type: 'int' }, { name: 'big', type: 'bigint' }, { name: 'yes', type: 'boolean' }, { name: 'at', type: 'instant' }, { name: 'a "list"', type: 'texts' }, { name: 'json', type: 'json' }],
}

describe('store', () => {
  let store: Store
  beforeEach(async () => { store = await openStore({ path: ':memory:', clock }) })
  afterEach(async () => { await store.close() })

  it('gives back every kind of value as it was put in', async () => {
    await store.ensureTable(everything)
    const rows = [['zoë 🤝', 1.5, -7, 2 ** 40, true, '2026-11-23T06:00:00.123Z', ['a', 'ß'], '{"a":1}'], [null, null, null, null, null, null, null, null]] as const
    await store.append(everything, rows)
    const read = await store.rows(sqlText`select * from "every thing"`)
    assert.deepEqual(read, rows.map((row) => Object.fromEntries(everything.columns.map((each, index) => [each.name, row[index]]))))
  })

  it('binds parameters of every kind', async () => {
    const row = await store.row(sqlText`select ${param("o'brien")} as t, ${param(1.5)} as d, ${param(2 ** 40)} as b, ${param(true)} as y, ${param(['x', 'y'])} as l, ${param(null)} as n, ${param('2026-11-23T06:00:00.123Z')}::timestamp as at`)
    assert.deepEqual(row, { t: "o'brien", d: 1.5, b: 2 ** 40, y: true, l: ['x', 'y'], n: null, at: '2026-11-23T06:00:00.123Z' })
  })

  it('adds the columns that a table lacks and keeps its rows, whatever the order of the new columns', async () => {
    const narrow: Table = { name: 't', columns: [{ name: 'a', type: 'text' }] }
    const wide: Table = { name: 't', columns: [{ name: 'b', type: 'double' }, { name: 'a', type: 'text' }] }
    await store.ensureTable(narrow)
    await store.append(narrow, [['one']])
    await store.ensureTable(wide)
    await store.append(wide, [[2, 'two']])
    assert.deepEqual(await store.rows(sqlText`select a, b from t order by a`), [{ a: 'one', b: null }, { a: 'two', b: 2 }])
  })

  it('takes back everything that a failed transaction did, appends too', async () => {
    await store.ensureTable({ name: 't', columns: [{ name: 'a', type: 'int' }] })
    await assert.rejects(store.transaction(async (tx) => {
      await tx.append({ name: 't', columns: [{ name: 'a', type: 'int' }] }, [[1]])
      await tx.run(sqlText`insert into t values (2)`)
      throw new Error('on purpose')
    }), /on purpose/)
    assert.deepEqual(await store.rows(sqlText`select * from t`), [])
  })

  it('runs transactions one after the other, and the next one after one that failed', async () => {
    await store.ensureTable({ name: 't', columns: [{ name: 'a', type: 'int' }] })
    const count = async (fails: boolean): Promise<number> => store.transaction(async (tx) => {
      const { n } = await tx.row<{ n: number }>(sqlText`select count(*) as n from t`)
      await tx.run(sqlText`insert into t values (1)`)
      if (fails) throw new Error('on purpose')
      return n
    })
    const results = await Promise.allSettled([count(false), count(true), count(false)])
    assert.deepEqual(results.map((each) => (each.status === 'fulfilled' ? each.value : 'failed')), [0, 'failed', 1])
  })

  it('has temporary tables that take appends', async () => {
    const ids: Table = { name: 'ids', columns: [{ name: 'id', type: 'int' }] }
    const found = await store.transaction(async (tx) => {
      await tx.temporaryTable(ids)
      await tx.append(ids, [[3], [4]])
      return tx.row<{ total: number }>(sqlText`select sum(id)::bigint as total from ids`)
    })
    assert.deepEqual(found, { total: 7 })
  })

  it('streams a large result in parts, whole numbers without null as typed arrays', async () => {
    let rows = 0
    for await (const chunk of store.chunks(sqlText`select i::integer as i, case when i % 2 = 0 then i::integer end as half from range(5000) t(i)`)) {
      assert.ok(chunk.columns[0] instanceof Int32Array)
      assert.equal(chunk.columns[1]?.[1], null)
      rows += chunk.rows
    }
    assert.equal(rows, 5000)
  })
})

/** Another process with the store open, and a cursor of stream `a` in it. */
async function openElsewhere(path: string): Promise<ChildProcess> {
  const here = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
  const script = `
    import { openStore } from ${here('./open-store.ts')}
    import { systemClock } from ${here('../kernel/clock.ts')}
    import { sqlText } from ${here('../kernel/sql-text.ts')}
    const store = await openStore({ path: ${JSON.stringify(path)}, clock: systemClock })
    await store.run(sqlText\`insert into cursor values (1, 'a', '{}', null)\`)
    process.stdout.write('open')
    setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  return other
}

describe('openStore', () => {
  let folder = ''
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'cdp-store-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })

  it('keeps what was written', async () => {
    const path = join(folder, 'deep/er/store.duckdb')
    const first = await openStore({ path, clock })
    await first.transaction((tx) => tx.run(sqlText`insert into cursor values (1, 'a', '{}', null)`))
    await first.close()
    const second = await openStore({ path, clock })
    assert.deepEqual(await second.rows(sqlText`select stream from cursor`), [{ stream: 'a' }])
    await second.close()
  })

  it('refuses a second opening in this process and in another, and says who has it', async () => {
    const path = join(folder, 'store.duckdb')
    const store = await openStore({ path, clock })
    await assert.rejects(openStore({ path, clock }), (error) => isCdpError(error, 'store/in-use'))
    await store.close()
    const other = await openElsewhere(path)
    await assert.rejects(openStore({ path, clock, waitMs: 200 }), (error) => isCdpError(error, 'store/in-use') && error.params['owner'] === `process ${String(other.pid)}`)
    other.kill('SIGKILL')
    await once(other, 'exit')
    const again = await openStore({ path, clock, waitMs: 5000 })
    await again.close()
  })

  it('is free again when it is taken over from a holder that cannot be reached, with all that was committed', async () => {
    const path = join(folder, 'store.duckdb')
    const other = await openElsewhere(path)
    await takeOver(path)
    const store = await openStore({ path, clock })
    assert.deepEqual(await store.rows(sqlText`select stream from cursor`), [{ stream: 'a' }])
    await store.close()
    other.kill('SIGKILL')
    await once(other, 'exit')
  })

  it('reads the holder out of the message of the driver', () => {
    const message = (pid: string): string => `IO Error: Could not set lock on file "/x/store.duckdb": Conflicting lock is held in /usr/bin/node (PID ${pid}). See also https://duckdb.org/docs/stable/connect/concurrency`
    assert.deepEqual([findLockHolder(message('12')), findLockHolder(message('0')), findLockHolder(message('-1')), findLockHolder('IO Error: no space left (PID 3)')], [{ pid: 12 }, { pid: 0 }, { pid: 0 }, undefined])
  })

  it('says so when the file is no database, and when a newer version wrote it', async () => {
    const path = join(folder, 'garbage.duckdb')
    await writeFile(path, 'this is no database, and it is longer than a header would be'.repeat(200))
    await assert.rejects(openStore({ path, clock }), (error) => isCdpError(error, 'store/unreachable'))
    const newer = join(folder, 'newer.duckdb')
    const store = await openStore({ path: newer, clock })
    await store.transaction((tx) => tx.run(sqlText`update meta set format = 99`))
    await store.close()
    await assert.rejects(openStore({ path: newer, clock }), (error) => isCdpError(error, 'store/newer-format'))
  })
})
