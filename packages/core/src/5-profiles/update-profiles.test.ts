import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { EntitySchema } from '../entities/entity-schema.js'
import { account, accountPerson, campaign, campaignMember, event, opportunity, opportunityPerson, person, standardEntities } from '../entities/standard-entities.js'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { name, sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'
import { seedLimits } from '../testing/a-project.js'
import { type PartRow, aStore, addParts, testNow } from '../testing/a-store.js'
import { type EventPart, IdentityMemory, type UpdateRequest, placeKnownEvents, updateProfiles } from './index.js'
import type { ProfileChanges } from './profile.js'

const at = (minute: number): string => `2026-11-23T06:${String(minute).padStart(2, '0')}:00.000Z`
const people = (store: Store): Promise<readonly unknown[]> => store.rows(sqlText`select _id, _source_keys as keys, email, title from person order by _id`)
const changes = (store: Store, after = 0): Promise<readonly unknown[]> => store.rows(sqlText`select entity, id, change, into_id as into from profile_change where seq > ${{ ...sqlText`0`, parts: [{ value: after }] }} order by seq`)

describe('updateProfiles', () => {
  let store: Store
  let seq = 1
  beforeEach(async () => { store = await aStore(); seq = 1 })
  afterEach(async () => { await store.close() })

  const put = async (schema: EntitySchema, ...rows: readonly PartRow[]): Promise<void> => {
    await addParts(store, schema, seq, rows)
    seq += rows.length
  }
  const update = (options: Partial<UpdateRequest> = {}): Promise<ProfileChanges> =>
    updateProfiles({ store, entities: standardEntities, sourceRanks: [{ uid: 1, name: 'crm' }, { uid: 2, name: 'marketo' }], limits: seedLimits, clock: fixedClock(testNow), log: silentLog, ...options })
  const withEntity = (schema: EntitySchema): UpdateRequest['entities'] => ({ ...standardEntities, [schema.name]: schema })
  const uniqueEmail: EntitySchema = { ...person, identities: person.identities.map((each) => (each.namespace === 'email' ? { ...each, unique: true } : each)) }

  it('does nothing in an empty store, and nothing when nothing is new', async () => {
    assert.equal((await update()).throughSeq, 0)
    await put(person, { key: '1@crm', fields: { email: 'ada@acme.example' } })
    const first = await update()
    assert.deepEqual([first.personsChanged, first.persons, first.throughSeq], [1, 1, 1])
    assert.deepEqual(await update(), { ...first, personsChanged: 0 })
  })

  it('makes one person of records that share an e-mail, whatever its case, and takes the newest value of each field', async () => {
    await put(person, { key: '1@crm', fields: { email: 'Ada@Acme.example', title: 'CTO' }, changedAt: at(1) }, { key: '2@crm', fields: { email: 'bob@acme.example' } }, { key: '9@mkto', source: 2, fields: { email: ' ada@acme.example ', phone: '1' }, changedAt: at(5) })
    await update()
    assert.deepEqual(await people(store), [
      { _id: 1, keys: ['1@crm', '9@mkto'], email: ' ada@acme.example ', title: 'CTO' },
      { _id: 3, keys: ['2@crm'], email: 'bob@acme.example', title: null },
    ])
  })

  it('follows the source order where the merge policy says precedence', async () => {
    const precedence: EntitySchema = { ...person, mergePolicy: { method: 'precedence', sources: ['crm', 'marketo'] } }
    await put(person, { key: '1@crm', fields: { email: 'a@x.example', title: 'CTO' }, changedAt: at(1) }, { key: '2@mkto', source: 2, fields: { email: 'a@x.example', title: 'Chief', department: 'IT' }, changedAt: at(9) })
    await update({ entities: withEntity(precedence) })
    assert.deepEqual(await store.rows(sqlText`select title, department from person`), [{ title: 'CTO', department: 'IT' }])
  })

  it('joins a converted lead with its contact', async () => {
    await put(person, { key: 'lead@sf', fields: { personType: 'Lead', convertedContactKey: 'contact@sf' } })
    await update()
    await put(person, { key: 'contact@sf', fields: { personType: 'Contact', title: 'CEO' }, changedAt: at(7) })
    await update()
    assert.deepEqual(await people(store), [{ _id: 1, keys: ['contact@sf', 'lead@sf'], email: null, title: 'CEO' }])
  })

  it('refuses the older link where a namespace is unique, and says so once', async () => {
    await put(person, { key: '1@crm', fields: { email: 'old@x.example' } }, { key: '2@crm', fields: { email: 'new@x.example', externalKey: '1@crm' } })
    const first = await update({ entities: withEntity(uniqueEmail) })
    assert.equal(first.refusedLinks, 1)
    assert.deepEqual(await store.rows(sqlText`select source_key, value, code from refused_link`), [{ source_key: '1@crm', value: 'old@x.example', code: 'guardrail/unique-namespace' }])
    await put(person, { key: '3@crm', fields: { email: 'third@x.example' } })
    assert.equal((await update({ entities: withEntity(uniqueEmail) })).refusedLinks, 0)
  })

  it('keeps what identifies nobody out of the graph: two people called "null" stay two', async () => {
    await put(person, { key: '1@crm', fields: { email: 'NULL' } }, { key: '2@crm', fields: { email: 'null', ecid: '12' } })
    const found = await update()
    assert.deepEqual([found.persons, found.refusedLinks], [2, 3])
    assert.deepEqual(await store.rows(sqlText`select code, count(*) as n from refused_link group by code order by code`), [{ code: 'guardrail/ecid-format', n: 1 }, { code: 'guardrail/id-banned', n: 2 }])
  })

  it('lets no graph grow beyond fifty identities', async () => {
    for (const from of [0, 30]) {
      await put(person, ...Array.from({ length: 30 }, (_, index) => ({ key: `${String(from + index)}@crm`, fields: { email: 'shared@x.example' } })))
      await update()
    }
    const sizes = await store.rows<{ n: number }>(sqlText`select count(*) as n from node group by id order by n desc`)
    assert.deepEqual(sizes.map((each) => each.n), [50, ...Array.from({ length: 11 }, () => 1)])
  })

  it('takes what too many share for nobody: the mailbox of an office, a browser at a fair', async () => {
    await put(person, ...Array.from({ length: 51 }, (_, index) => ({ key: `${String(index)}@crm`, fields: { email: 'office@x.example' } })), { key: 'own@crm', fields: { email: 'own@x.example' } })
    assert.deepEqual([(await update()).persons, (await update()).refusedLinks], [52, 0])
    const fair = '9'.repeat(38)
    await put(event, ...Array.from({ length: 51 }, (_, index) => ({ key: `e${String(index)}`, fields: { ecid: fair, email: `visitor${String(index)}@x.example`, timestamp: at(1) } })))
    const visited = await update()
    assert.deepEqual([visited.persons, visited.refusedLinks], [52 + 51, 51])
    assert.deepEqual(await store.rows(sqlText`select distinct code, value from refused_link order by value`), [{ code: 'guardrail/links-per-identity', value: fair }, { code: 'guardrail/links-per-identity', value: 'office@x.example' }])
    const busy = '8'.repeat(38)
    await put(event, ...Array.from({ length: 60 }, (_, index) => ({ key: `b${String(index)}`, fields: { ecid: busy, email: 'busy@x.example', timestamp: at(2) } })))
    assert.deepEqual([(await update()).persons, await store.rows(sqlText`select count(*) as events from event where _id = (select max(_id) from event)`)], [104, [{ events: 60 }]])
  })

  it('takes two people apart again when the e-mail that joined them changes, and tells who came and went', async () => {
    await put(person, { key: '1@crm', fields: { email: 'a@x.example' } }, { key: '2@crm', fields: { email: 'a@x.example' } })
    assert.equal((await update()).persons, 1)
    await put(person, { key: '2@crm', fields: { email: 'b@x.example' } })
    const parted = await update()
    assert.deepEqual([parted.persons, parted.personsChanged], [2, 2])
    await put(person, { key: '2@crm', fields: { email: 'a@x.example' } })
    const joined = await update()
    assert.deepEqual([joined.persons, joined.personsMerged], [1, 1])
    assert.deepEqual((await changes(store, parted.lastChange)), [{ entity: 'person', id: 1, change: 'changed', into: null }, { entity: 'person', id: 3, change: 'merged', into: 1 }])
  })

  it('drops a deleted component, and the person with its last one', async () => {
    await put(person, { key: '1@crm', fields: { email: 'a@x.example', title: 'CTO' } }, { key: '2@mkto', source: 2, fields: { email: 'a@x.example' } })
    await update()
    await put(person, { key: '1@crm', fields: {}, deleted: true })
    await update()
    assert.deepEqual((await people(store)).map((each) => (each as { keys: unknown }).keys), [['2@mkto']])
    await put(person, { key: '2@mkto', fields: {}, deleted: true })
    const gone = await update()
    assert.deepEqual([gone.persons, gone.personsRemoved], [0, 1])
  })

  it('finds an account that comes after its people', async () => {
    await put(person, { key: '1@crm', fields: { accountKey: 'acme@crm' } })
    await put(opportunity, { key: 'o1@crm', fields: { accountKey: 'acme@crm', amount: 5 } })
    await update()
    assert.deepEqual(await store.rows(sqlText`select * from person_account`), [])
    await put(account, { key: 'acme@crm', fields: { name: 'Acme' } })
    const found = await update()
    assert.deepEqual(await store.rows(sqlText`select person_id, account_id, direct, relation, opportunity from person_account`), [{ person_id: 1, account_id: 1, direct: true, relation: false, opportunity: false }])
    assert.deepEqual(await store.rows(sqlText`select "accountKey_id" as account from opportunity`), [{ account: 1 }])
    assert.deepEqual([found.personsChanged, found.accountsChanged], [1, 1])
  })

  it('knows the three ways from a person to an account', async () => {
    await put(account, ...['a', 'b', 'c'].map((each) => ({ key: `${each}@crm`, fields: { name: each } })))
    await put(person, { key: '1@crm', fields: { accountKey: 'a@crm' } })
    await put(accountPerson, { key: 'r1', fields: { accountKey: 'b@crm', personKey: '1@crm', role: 'Advisor' } }, { key: 'r2', fields: { accountKey: 'a@crm', personKey: '1@crm', isActive: false } })
    await put(opportunity, { key: 'o1', fields: { accountKey: 'c@crm' } })
    await put(opportunityPerson, { key: 'p1', fields: { opportunityKey: 'o1', personKey: '1@crm', role: 'Buyer' } })
    await update()
    assert.deepEqual(await store.rows(sqlText`select a.name, direct, relation, opportunity from person_account join account a on a._id = account_id order by a.name`), [
      { name: 'a', direct: true, relation: false, opportunity: false }, { name: 'b', direct: false, relation: true, opportunity: false }, { name: 'c', direct: false, relation: false, opportunity: true },
    ])
  })

  it('tells the people who see a changed opportunity, account or campaign', async () => {
    await put(account, { key: 'a@crm', fields: { name: 'a' } })
    await put(person, { key: '1@crm', fields: { accountKey: 'a@crm' } }, { key: '2@crm', fields: {} }, { key: '3@crm', fields: {} })
    await put(campaign, { key: 'c1', fields: { name: 'Fair' } })
    await put(campaignMember, { key: 'm1', fields: { campaignKey: 'c1', personKey: '2@crm' } })
    await put(opportunity, { key: 'o1', fields: { accountKey: 'a@crm', stage: 'Open' } })
    await update()
    await put(opportunity, { key: 'o1', fields: { accountKey: 'a@crm', stage: 'Won' } })
    await put(campaign, { key: 'c1', fields: { name: 'Trade fair' } })
    const { lastChange } = await store.row<{ lastChange: number }>(sqlText`select max(seq) as "lastChange" from profile_change`)
    await update()
    assert.deepEqual(await changes(store, lastChange), [{ entity: 'person', id: 1, change: 'changed', into: null }, { entity: 'person', id: 2, change: 'changed', into: null }, { entity: 'account', id: 1, change: 'changed', into: null }])
  })

  it('makes a person of events alone, and joins them once they say who they are', async () => {
    const ecid = '1'.repeat(38)
    await put(event, { key: 'e1', fields: { eventType: 'web.pageView', timestamp: at(1), ecid } })
    assert.equal((await update()).persons, 1)
    await put(person, { key: '1@crm', fields: { email: 'a@x.example' } })
    assert.equal((await update()).persons, 2)
    await put(event, { key: 'e2', fields: { eventType: 'web.formFilledOut', timestamp: at(2), ecid, email: 'A@x.example' } })
    const joined = await update()
    assert.deepEqual([joined.persons, joined.personsMerged], [1, 1])
    assert.deepEqual(await store.rows(sqlText`select e._source_key as key, p.email from event e join person p on p._id = e._id order by key`), [{ key: 'e1', email: 'a@x.example' }, { key: 'e2', email: 'a@x.example' }])
  })

  it('knows a person again of whom only the record is gone', async () => {
    await put(person, { key: '1@crm', fields: { email: 'a@x.example' } })
    await update()
    await put(person, { key: '1@crm', fields: {}, deleted: true })
    assert.equal((await update()).persons, 0)
    await put(event, { key: 'e1', fields: { eventType: 'x', timestamp: at(1), email: 'A@x.example' } })
    assert.equal((await update({ memory: new IdentityMemory('person') })).persons, 1)
  })

  describe('placeKnownEvents', () => {
    const memory = new IdentityMemory('person')
    beforeEach(() => { memory.forget() })
    /** Places what memory knows, leaves the rest to the joins; gives the keys of those left. */
    const take = async (...rows: readonly PartRow[]): Promise<readonly string[]> => {
      const events = rows.map((each, index) => ({ seq: seq + index, sourceKey: each.key, values: each.fields }))
      seq += rows.length
      const { left, active } = await store.transaction((tx) => placeKnownEvents(tx, events, { schemas: standardEntities, limits: seedLimits, memory }))
      for (const each of left) await addParts(store, event, each.seq, [{ key: each.sourceKey, fields: each.values }])
      await update({ memory, active })
      await store.run(sqlText`delete from part_event`)
      return left.map((each) => each.sourceKey)
    }
    const web = { eventType: 'x', timestamp: at(1) }

    it('finds whom the joins would find: once two identities are tied by an event, the next such event asks nothing', async () => {
      await put(person, { key: '1@crm', fields: { email: 'a@x.example' } })
      await update()
      const both = { ...web, personKey: '1@crm', email: ' A@x.example' }
      const left = [await take({ key: 'e1', fields: both }), await take({ key: 'e2', fields: both }), await take({ key: 'e3', fields: both })]
      assert.deepEqual(left, [['e1'], [], []])
      assert.deepEqual(await store.rows(sqlText`select _source_key as key, _nid as nid, _id as id from event order by _seq`), ['e1', 'e2', 'e3'].map((key) => ({ key, nid: 1, id: 1 })))
      assert.deepEqual(await store.rows(sqlText`select a, b, origin from link order by all`), [{ a: 1, b: 2, origin: 'event' }, { a: 1, b: 2, origin: 'record' }])
    })

    it('makes somebody of a visitor whom nobody has seen, as the joins do, and one of their later events', async () => {
      await put(person, { key: '1@crm', fields: { email: 'a@x.example' } })
      await update()
      assert.deepEqual(await take({ key: 'e1', fields: { ...web, ecid: '1'.repeat(38) } }, { key: 'e2', fields: { ...web, anonymousId: 'b' } }, { key: 'e3', fields: { ...web, email: 'New@x.example' } }, { key: 'e4', fields: { ...web, anonymousId: 'b' } }), [])
      assert.deepEqual(await store.rows(sqlText`select _id, _source_keys as keys, email, ecid, "anonymousId" from person order by _id`), [
        { _id: 1, keys: ['1@crm'], email: 'a@x.example', ecid: null, anonymousId: null }, { _id: 3, keys: [], email: null, ecid: '1'.repeat(38), anonymousId: null },
        { _id: 4, keys: [], email: null, ecid: null, anonymousId: 'b' }, { _id: 5, keys: [], email: 'new@x.example', ecid: null, anonymousId: null },
      ])
      assert.deepEqual(await store.rows(sqlText`select _source_key as key, _nid as nid, _id as id from event order by _seq`), [[3, 'e1'], [4, 'e2'], [5, 'e3'], [4, 'e4']].map(([id, key]) => ({ key, nid: id, id })))
      assert.deepEqual(await changes(store, 1), [3, 4, 5].map((id) => ({ entity: 'person', id, change: 'changed', into: null })))
    })

    it('makes one person of a visitor who says who they are in the same breath', async () => {
      await put(person, { key: '1@crm', fields: { email: 'a@x.example' } })
      await update()
      assert.deepEqual(await take({ key: 'e1', fields: { ...web, anonymousId: 'b' } }, { key: 'e2', fields: { ...web, email: 'a@x.example', anonymousId: 'b' } }, { key: 'e3', fields: { ...web, anonymousId: 'b' } }), ['e2'])
      assert.deepEqual(await store.rows(sqlText`select _id, email, "anonymousId" from person`), [{ _id: 1, email: 'a@x.example', anonymousId: 'b' }])
      assert.deepEqual(await store.rows(sqlText`select _source_key as key, _id as id from event order by _seq`), ['e1', 'e2', 'e3'].map((key) => ({ key, id: 1 })))
      assert.deepEqual(await take({ key: 'e4', fields: { ...web, anonymousId: 'b' } }), [])
      assert.deepEqual((await people(store)).length, 1)
    })

    it('leaves what identifies nobody, what names a key, and what is not written in plain letters', async () => {
      await update()
      assert.deepEqual(await take({ key: 'e1', fields: { ...web, anonymousId: 'NULL' } }, { key: 'e2', fields: { ...web, personKey: '7@crm' } }, { key: 'e3', fields: { ...web, email: 'Ä@x.example' } }, { key: 'e4', fields: { ...web, ecid: '12' } }, { key: 'e5', fields: { ...web, email: 'a@x', anonymousId: 'b' } }), ['e1', 'e2', 'e3', 'e4', 'e5'])
    })

    it('takes what an event says of an account, and events of people of whom only the record is gone by the joins', async () => {
      await put(account, { key: 'a@crm', fields: { name: 'a' } })
      await put(person, { key: '1@crm', fields: { email: 'a@x.example' } })
      await update()
      assert.deepEqual(await take({ key: 'e1', fields: { ...web, email: 'a@x.example', accountKey: 'a@crm' } }), [])
      assert.deepEqual(await store.rows(sqlText`select _id, "accountKey", "accountKey_id" from event`), [{ _id: 1, accountKey: 'a@crm', accountKey_id: 1 }])
      await put(person, { key: '2@crm', fields: { email: 'b@x.example' } })
      await update({ memory })
      await put(person, { key: '2@crm', fields: {}, deleted: true })
      await update({ memory })
      assert.deepEqual([await take({ key: 'e2', fields: { ...web, email: 'b@x.example' } }), (await people(store)).length], [['e2'], 2])
    })
  })

  it('knows visitors by their browser also when accounts and deals come with them', async () => {
    await put(opportunity, { key: 'o@crm', fields: { name: 'deal' } })
    await put(event, { key: 'e', fields: { ecid: '1'.repeat(38), timestamp: at(1) } })
    await update()
    assert.deepEqual(await store.rows(sqlText`select ecid from person`), [{ ecid: '1'.repeat(38) }])
  })

  it('makes everything again after a change of rules, and comes to the same', async () => {
    await put(account, { key: 'a@crm', fields: { name: 'a' } })
    await put(person, { key: '1@crm', fields: { email: 'a@x.example', accountKey: 'a@crm' } }, { key: '2@mkto', source: 2, fields: { email: 'a@x.example' } })
    await put(event, { key: 'e1', fields: { eventType: 'x', timestamp: at(1), email: 'a@x.example' } })
    await update()
    const dump = async (): Promise<unknown> => [await people(store), await store.rows(sqlText`select * from node order by graph, nid`), await store.rows(sqlText`select * from event`), await store.rows(sqlText`select * from person_account`)]
    const before = await dump()
    await update({ rebuild: true })
    assert.deepEqual(await dump(), before)
  })

  it('leaves everything as it was when it fails half-way', async () => {
    await put(person, { key: '1@crm', fields: { email: 'a@x.example' } })
    let steps = 0
    await assert.rejects(update({ onProgress: () => { if (++steps === 6) throw new Error('killed') } }), /killed/)
    assert.deepEqual([await people(store), await store.rows(sqlText`select * from identity`)], [[], []])
    assert.equal((await update()).persons, 1)
  })

  it('comes to the same people and ids however the records come in batches', async () => {
    const record = fc.record({ email: fc.option(fc.constantFrom('a@x', 'b@x', 'c@x', 'd@x', 'null'), { nil: null }), external: fc.option(fc.nat({ max: 11 }), { nil: null }), ecid: fc.option(fc.constantFrom('1'.repeat(38), '2'.repeat(38)), { nil: null }) })
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), fc.array(fc.nat({ max: 12 }), { maxLength: 4 }), async (records, cuts) => {
        const rows = records.map((each, index): PartRow => ({ key: `${String(index)}@crm`, changedAt: at(index), fields: { email: each.email, ecid: each.ecid, externalKey: each.external === null ? null : `${String(each.external)}@crm` } }))
        const outcome = async (starts: readonly number[]): Promise<unknown> => {
          const fresh = await aStore()
          for (const [index, start] of starts.entries()) {
            await addParts(fresh, person, start + 1, rows.slice(start, starts[index + 1] ?? rows.length))
            await updateProfiles({ store: fresh, entities: withEntity(uniqueEmail), sourceRanks: [], limits: seedLimits, clock: fixedClock(testNow), log: silentLog })
          }
          const result = [await fresh.rows(sqlText`select _id, _source_keys, email, ecid from person order by _id`), await fresh.rows(sqlText`select nid, id from node where graph = 'person' order by nid`)]
          await fresh.close()
          return result
        }
        const starts = [...new Set([0, ...cuts.filter((each) => each < rows.length)])].sort((a, b) => a - b)
        assert.deepEqual(await outcome(starts), await outcome([0]))
      }),
      { numRuns: 15, seed: 7 },
    )
  }).timeout(60_000)

  // What an update touches is found by following what changed; making everything again looks at everything. Both must see the same.
  for (const remembers of [false, true]) it(`comes in small steps ${remembers ? 'with a memory ' : ''}to what making everything again comes to: events, deletes, late accounts and deals, joins and partings`, async () => {
    const id = (prefix: string, most: number): fc.Arbitrary<string> => fc.nat({ max: most }).map((each) => `${prefix}${String(each)}`)
    const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null })
    const step = fc.oneof(
      fc.record({ what: fc.constant(person), key: id('p', 4), deleted: fc.nat({ max: 4 }).map((each) => each === 0), fields: fc.record({ email: maybe(id('e', 3)), externalKey: maybe(id('p', 6)), accountKey: maybe(id('a', 2)), title: maybe(id('t', 2)) }) }),
      fc.record({ what: fc.constant(event), key: id('ev', 99), fields: fc.record({ personKey: maybe(id('p', 6)), email: maybe(id('e', 4)), accountKey: maybe(id('a', 3)) }) }),
      fc.record({ what: fc.constant(account), key: id('a', 3), fields: fc.record({ name: id('n', 3), parentKey: maybe(id('a', 3)), externalKey: maybe(id('a', 4)) }) }),
      fc.record({ what: fc.constant(opportunity), key: id('o', 2), fields: fc.record({ accountKey: maybe(id('a', 3)), stage: id('s', 2) }) }),
      fc.record({ what: fc.constant(accountPerson), key: id('r', 3), fields: fc.record({ accountKey: id('a', 3), personKey: id('p', 6) }) }),
      fc.record({ what: fc.constant(opportunityPerson), key: id('q', 3), fields: fc.record({ opportunityKey: id('o', 3), personKey: id('p', 6) }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }), async (batches) => {
        const fresh = await aStore()
        const rules = { store: fresh, entities: withEntity(uniqueEmail), sourceRanks: [], limits: seedLimits, clock: fixedClock(testNow), log: silentLog }
        const memory = remembers ? new IdentityMemory('person') : undefined
        let next = 1
        const events = new Set<string>()
        for (const batch of batches) {
          const collected: EventPart[] = []
          for (const each of batch) {
            // An event is taken once (stage 4 sees to that), and is gone from the parts afterwards.
            if (each.what === event && events.has(each.key)) continue
            if (each.what === event) events.add(each.key)
            const fields = each.what === event ? { eventType: 'x', timestamp: at(next % 60), ...each.fields } : each.fields
            if (each.what === event && fields['personKey' as never] === null && fields['email' as never] === null) continue
            if (remembers && each.what === event) {
              collected.push({ seq: next++, sourceKey: each.key, values: fields })
              continue
            }
            await addParts(fresh, each.what, next++, [{ key: each.key, fields, changedAt: at(next % 60), ...('deleted' in each ? { deleted: each.deleted } : {}) }])
          }
          const { left, active } = memory ? await fresh.transaction((tx) => placeKnownEvents(tx, collected, { schemas: rules.entities, limits: seedLimits, memory })) : { left: [], active: [] }
          for (const { seq: at, sourceKey, values = {} } of left) await addParts(fresh, event, at, [{ key: sourceKey, fields: values }])
          await updateProfiles({ ...rules, active, ...(memory ? { memory } : {}) })
          await fresh.run(sqlText`delete from part_event`)
        }
        const dump = async (): Promise<unknown> => {
          const tables = ['person', 'account', 'opportunity', 'account_person', 'opportunity_person', 'person_account', 'node'].map((each) => sqlText`select * from ${name(each)} order by all`)
          return Promise.all([...tables, sqlText`select _source_key, _nid, _id, "accountKey_id" from event order by all`].map((each) => fresh.rows(each)))
        }
        const before = await dump()
        await updateProfiles({ ...rules, rebuild: true })
        const again = await dump()
        await fresh.close()
        assert.deepEqual(before, again)
      }),
      { numRuns: 6, seed: 11 },
    )
  }).timeout(120_000)
})
