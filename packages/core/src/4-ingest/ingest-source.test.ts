import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Source, Stream } from '../1-project/project.js'
import { standardEntities } from '../entities/standard-entities.js'
import { type Instant, fixedClock } from '../kernel/clock.js'
import { isCdpError } from '../kernel/error.js'
import { silentLog } from '../kernel/log.js'
import { sqlText } from '../kernel/sql-text.js'
import { filesSourceConnector } from '../plugins/builtin/files/source.js'
import type { Change, OpenSource, ReadPart, ReadRequest } from '../plugins/sdk.js'
import { readParquet } from '../stores/duckdb/read-parquet.js'
import type { Store } from '../stores/store.js'
import { aContext } from '../testing/a-context.js'
import { aSource, seedLimits } from '../testing/a-project.js'
import { aStore, testNow } from '../testing/a-store.js'
import { type Ingested, forgetSource, ingestSource, rebuildParts } from './index.js'

const clock = fixedClock(testNow)

describe('ingestSource', () => {
  let store: Store
  let folder = ''
  let saved = 0
  beforeEach(async () => { store = await aStore(); folder = await mkdtemp(join(tmpdir(), 'cdp-ingest-')) })
  afterEach(async () => { await store.close(); await rm(folder, { recursive: true }) })

  const file = async (name: string, content: string | Buffer): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
    // Two writes within a millisecond would look like one.
    await utimes(join(folder, name), new Date(), new Date(1_700_000_000_000 + ++saved * 1000))
  }
  const people = (parts: Partial<Stream> = {}): Stream => ({ name: 'people', entity: 'person', key: 'id', map: { email: 'email', leadScore: 'score', createdDate: 'created' }, config: { path: 'people.csv' }, ...parts })
  const crm = (...streams: readonly Stream[]): Source => aSource('crm', { type: 'CRM', streams })
  const ingest = (source: Source, options: { readonly connector?: OpenSource; readonly fullRefresh?: boolean } = {}): Promise<Ingested> =>
    ingestSource({
      source: { uid: 1, spec: source }, sources: [{ uid: 1, spec: source }], entities: standardEntities, vars: { min: 1 }, limits: seedLimits, store, clock, log: silentLog,
      connector: options.connector ?? filesSourceConnector(readParquet).open(aContext({}, { folder, clock })),
      ...(options.fullRefresh === true ? { fullRefresh: true } : {}),
    })
  const counts = ({ batches }: Ingested): readonly unknown[] => batches.map((each) => [each.stream, each.read, each.changed, each.unchanged, each.quarantined])
  const parts = (): Promise<readonly unknown[]> => store.rows(sqlText`select _seq as seq, _source_key as key, email, "leadScore" as score, _deleted as deleted from part_person order by _seq`)
  const quarantine = (): Promise<readonly unknown[]> => store.rows(sqlText`select key, code, field, message from quarantine order by key nulls last, code`)

  it('maps records to parts, keeps them raw, and reads an unchanged file no second time', async () => {
    await file('people.csv', 'id,email,score,created\n1,ada@acme.example,7.5,2024-03-01T10:00:00+02:00\n2,"bob ""b"" <b@x>",,\n')
    assert.deepEqual(counts(await ingest(crm(people()))), [['people', 2, 2, 0, 0]])
    assert.deepEqual(await parts(), [{ seq: 1, key: '1@crm.CRM', email: 'ada@acme.example', score: 7.5, deleted: false }, { seq: 2, key: '2@crm.CRM', email: 'bob "b" <b@x>', score: null, deleted: false }])
    assert.deepEqual(await store.rows(sqlText`select "createdDate" as created from part_person where _seq = 1`), [{ created: '2024-03-01T08:00:00.000Z' }])
    assert.deepEqual(await store.rows(sqlText`select key, op, record from raw_1_people order by seq`), [
      { key: '1', op: 'upsert', record: '{"id":"1","email":"ada@acme.example","score":"7.5","created":"2024-03-01T10:00:00+02:00"}' }, { key: '2', op: 'upsert', record: '{"id":"2","email":"bob \\"b\\" <b@x>"}' },
    ])
    assert.deepEqual(counts(await ingest(crm(people()))), [['people', 0, 0, 0, 0]])
  })

  it('takes only what changed of a file that is read again', async () => {
    await file('people.csv', 'id,email,score\n1,a@x,1\n2,b@x,2\n')
    await ingest(crm(people()))
    await file('people.csv', 'id,email,score\n1,a@x,1\n2,b@x,3\n3,c@x,4\n')
    assert.deepEqual(counts(await ingest(crm(people()))), [['people', 3, 2, 1, 0]])
    assert.deepEqual((await parts()).map((each) => (each as { key: string }).key), ['1@crm.CRM', '2@crm.CRM', '3@crm.CRM'])
    assert.deepEqual(counts(await ingest(crm(people()), { fullRefresh: true })), [['people', 3, 0, 3, 0]])
  })

  it('puts what fails into quarantine with the field and the reason, and goes on', async () => {
    await file('people.csv', 'id,email,score,created\n1,a@x,high,\n,b@x,1,\n3,c@x,3,2024-02-31\n4,d@x,4,2024-02-28,extra\n5,e@x,5,\n')
    assert.deepEqual(counts(await ingest(crm(people()))), [['people', 5, 3, 0, 4]])
    assert.deepEqual((await parts()).map((each) => (each as { key: string }).key), ['5@crm.CRM'])
    assert.deepEqual(await quarantine(), [
      { key: '1', code: 'record/wrong-type', field: 'leadScore', message: '"high" is no number' },
      { key: '3', code: 'record/wrong-type', field: 'createdDate', message: '"2024-02-31" is no ISO 8601 time' },
      { key: null, code: 'record/no-key', field: null, message: 'the key field has no value' },
      { key: null, code: 'record/unreadable', field: null, message: 'people.csv, line 5: Invalid Record Length: columns length is 4, got 5 on line 5' },
    ])
    await file('people.csv', 'id,email,score,created\n1,a@x,9,\n')
    await ingest(crm(people()))
    assert.deepEqual((await quarantine()).filter((each) => (each as { key: unknown }).key === '1'), [])
  })

  it('reads JSON lines with their nesting and names the broken line', async () => {
    await file('people.jsonl', '\uFEFF{"id":1,"contact":{"email":"ü@x"},"score":null}\n{"id":2,\n[]\n\n{"id":3,"contact":{"email":["a@x"]}}\n')
    const stream = people({ config: { path: 'people.jsonl' }, map: { email: 'contact.email', leadScore: 'score' } })
    assert.deepEqual(counts(await ingest(crm(stream))), [['people', 4, 2, 0, 3]])
    assert.deepEqual((await parts()).map((each) => (each as { email: string }).email), ['ü@x'])
    assert.deepEqual((await quarantine()).map((each) => (each as { message: string }).message.split(':')[0]).sort(), ['["a@x"] is no text', 'people.jsonl, line 2', 'people.jsonl, line 3'])
  })

  it('reads Parquet', async () => {
    await store.run({ ...sqlText``, parts: [{ text: `copy (select i::varchar as id, 'p' || i || '@x' as email, i * 1.5 as score from range(3) t(i)) to '${join(folder, 'p.parquet')}'` }] })
    assert.deepEqual(counts(await ingest(crm(people({ config: { path: '*.parquet' } })))), [['people', 3, 3, 0, 0]])
    assert.deepEqual((await parts()).map((each) => (each as { score: number }).score), [0, 1.5, 3])
  })

  it('passes over rows at or below the cursor, in any order of the rows', async () => {
    const stream = people({ cursor: 'updated' })
    await file('people.csv', 'id,email,updated\n1,a@x,9\n2,b@x,10\n3,c@x,2\n')
    assert.deepEqual(counts(await ingest(crm(stream))), [['people', 3, 3, 0, 0]])
    await file('people.csv', 'id,email,updated\n1,changed@x,9\n4,d@x,11\n2,changed@x,10\n')
    assert.deepEqual(counts(await ingest(crm(stream))), [['people', 1, 1, 0, 0]])
  })

  it('deletes where the stream says that a record is deleted', async () => {
    const stream = people({ deletedWhen: 'score = "gone"' })
    await file('people.csv', 'id,email,score\n1,a@x,1\n')
    await ingest(crm(stream))
    await file('people.csv', 'id,email,score\n1,a@x,gone\n')
    assert.equal((await ingest(crm(stream))).batches[0]?.deleted, 1)
    assert.deepEqual(await parts(), [{ seq: 2, key: '1@crm.CRM', email: null, score: null, deleted: true }])
  })

  it('refers to records of its own source by their id, and to those of another by $sourceKey', async () => {
    await file('people.csv', 'id,company\n1,Acme\n')
    await ingest(crm(people({ map: { accountKey: 'company', externalKey: '$sourceKey(id, "crm")' } })))
    assert.deepEqual(await store.rows(sqlText`select "accountKey" as account, "externalKey" as external from part_person`), [{ account: 'Acme@crm.CRM', external: '1@crm.CRM' }])
  })

  it('takes an event once, and none without a time or an identity', async () => {
    const events: Stream = { name: 'web', entity: 'event', key: 'id', map: { eventType: 'type', timestamp: 'at', email: 'email' }, config: { path: 'web.jsonl' } }
    await file('web.jsonl', '{"id":1,"type":"x","at":"2024-01-01T00:00:00Z","email":"a@x"}\n{"id":2,"type":"x","email":"a@x"}\n{"id":3,"type":"x","at":"2024-01-01"}\n')
    assert.deepEqual(counts(await ingest(crm(events))), [['web', 3, 3, 0, 2]])
    await file('web.jsonl', '{"id":1,"type":"y","at":"2024-01-01T00:00:00Z","email":"a@x"}\n')
    assert.deepEqual(counts(await ingest(crm(events))), [['web', 1, 0, 1, 0]])
    assert.deepEqual((await quarantine()).map((each) => (each as { code: string }).code), ['record/no-timestamp', 'record/no-identity'])
  })

  it('goes on with the other streams when one fails, and says which file and why', async () => {
    await file('people.csv', 'id,email\n1,a@x\n')
    const found = await ingest(crm(people({ name: 'gone', config: { path: 'nowhere/*.csv' } }), people()))
    assert.deepEqual(found.failures.map((each) => [each.stream, isCdpError(each.error, 'source/no-files')]), [['gone', true]])
    assert.equal((await parts()).length, 1)
  })

  it('resumes after a kill at any checkpoint without gap and without doing anything twice', async () => {
    const pages: readonly ReadPart[] = [1, 2, 3].flatMap((page): readonly ReadPart[] => [{ records: [{ op: 'upsert', record: { id: page, email: `p${String(page)}@x` } }] }, { checkpoint: page }])
    const killedAfter = (steps: number): OpenSource => ({
      check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]),
      async *read({ checkpoint }) { let done = 0; for (const each of pages.slice(Number(checkpoint ?? 0) * 2)) { if (done++ === steps) throw new Error('killed'); yield await Promise.resolve(each) } },
    })
    for (const steps of [1, 2, 3, 5]) await ingest(crm(people()), { connector: killedAfter(steps) })
    assert.deepEqual((await parts()).map((each) => [(each as { seq: number }).seq, (each as { key: string }).key]), [[1, '1@crm.CRM'], [2, '2@crm.CRM'], [3, '3@crm.CRM']])
  })

  it('makes parts again from the raw records when the mapping changed, and forgets a stream that is gone', async () => {
    await file('people.csv', 'id,email,score\n1,A@X,1\n2,b@x,bad\n')
    await ingest(crm(people()))
    const stream = people({ map: { email: '$lowercase(email)' } })
    await rebuildParts({ source: { uid: 1, spec: crm(stream) }, stream, sources: [], entities: standardEntities, vars: {}, limits: seedLimits, store, clock })
    assert.deepEqual((await parts()).map((each) => (each as { email: string }).email), ['a@x', 'b@x'])
    assert.deepEqual(await quarantine(), [])
    await forgetSource({ source: 1, stream: 'people', entities: standardEntities, store })
    assert.deepEqual((await parts()).map((each) => (each as { deleted: boolean }).deleted), [true, true])
  })

  it('keeps of a merged record that it is another one now, also when parts are made again', async () => {
    const stream = people({ map: { email: 'email' } })
    const reading = (...changes: readonly Change[]): OpenSource => ({
      check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]),
      async *read() { yield { records: changes }; yield { checkpoint: 1 } },
    })
    await ingest(crm(stream), { connector: reading({ op: 'upsert', record: { id: '1', email: 'a@x' } }, { op: 'upsert', record: { id: '2', email: 'b@x' } }) })
    assert.deepEqual(counts(await ingest(crm(stream), { connector: reading({ op: 'merge', key: '2', into: '1' }) })), [['people', 1, 1, 0, 0]])
    assert.deepEqual(counts(await ingest(crm(stream), { connector: reading({ op: 'merge', key: '2', into: '1' }) })), [['people', 1, 0, 1, 0]])
    const kept = (): Promise<readonly unknown[]> => store.rows(sqlText`select _source_key as key, email, "mergedIntoKey" as into, _deleted as deleted from part_person order by key`)
    const merged = [{ key: '1@crm.CRM', email: 'a@x', into: null, deleted: false }, { key: '2@crm.CRM', email: null, into: '1@crm.CRM', deleted: false }]
    assert.deepEqual(await kept(), merged)
    const source = { uid: 1, spec: crm(stream) }
    await rebuildParts({ source, stream, sources: [source], entities: standardEntities, vars: {}, limits: seedLimits, store, clock })
    assert.deepEqual(await kept(), merged)
  })

  it('deletes what did not come in a read of everything, unless that is most of what is there', async () => {
    const upsert = (id: number): Change => ({ op: 'upsert', record: { id, email: `p${String(id)}@x` } })
    const everything = (...ids: readonly number[]): OpenSource => ({
      check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]),
      async *read() { yield { everything: 'begins' }; yield { records: ids.map(upsert) }; yield { checkpoint: 1 }; yield { everything: 'ends' }; yield { checkpoint: 2 } },
    })
    const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)
    await ingest(crm(people()), { connector: everything(...numbers(1, 30)) })
    assert.deepEqual((await ingest(crm(people()), { connector: everything(...numbers(2, 31)) })).batches.map((each) => [each.read, each.changed, each.deleted]), [[31, 2, 1]])
    assert.deepEqual((await parts()).flatMap((each) => ((each as { deleted: boolean }).deleted ? [(each as { key: string }).key] : [])), ['1@crm.CRM'])
    const { failures } = await ingest(crm(people()), { connector: everything(...numbers(2, 10)) })
    assert.deepEqual(failures.map((each) => [isCdpError(each.error, 'source/shrank'), (each.error as Error).message]), [[true, 'Most records of a stream are gone: 21 of the 30 records of crm/people did not come in a read of everything. They are kept.']])
    assert.equal((await parts()).filter((each) => !(each as { deleted: boolean }).deleted).length, 30)
  })

  it('tells the connector which fields the mapping reads, and how old records may be', async () => {
    const asked: ReadRequest[] = []
    const connector: OpenSource = { check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve([]), async *read(request) { asked.push(request); yield { checkpoint: 1 } } }
    await ingest({ ...crm(people({ cursor: 'updated', map: { email: '$lowercase(mail)', city: 'address.city', externalKey: '$sourceKey(sfdc, "crm")' } })), since: testNow as Instant }, { connector })
    await ingest(crm(people({ map: { custom: '$' } })), { connector })
    assert.deepEqual(asked.map((each) => [each.fields, each.since, each.checkpoint]), [[['address', 'id', 'mail', 'sfdc', 'updated'], testNow, undefined], [undefined, undefined, 1]])
  })
})
