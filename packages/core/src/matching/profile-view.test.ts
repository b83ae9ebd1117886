import assert from 'node:assert/strict'
import type { EntitySchema } from '../entities/entity-schema.js'
import { defaultPaths, type Paths, type ProfileEntity } from '../entities/profile-entity.js'
import { account, accountPerson, campaign, campaignMember, event, listMember, marketingList, opportunity, opportunityPerson, person, standardEntities } from '../entities/standard-entities.js'
import type { JsonObject } from '../kernel/json.js'
import { unifiedTable } from '../stores/entity-tables.js'
import type { Store, StoreRow } from '../stores/store.js'
import { personAccountTable } from '../stores/tables.js'
import { aStore } from '../testing/a-store.js'
import { readProfileViews } from './profile-view.js'

describe('readProfileViews', () => {
  let store: Store
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  const put = (schema: EntitySchema, ...rows: readonly StoreRow[]): Promise<void> => {
    const table = unifiedTable(schema)
    return store.append(table, rows.map((row) => table.columns.map(({ name }) => row[name] ?? null)))
  }
  const read = async (entity: ProfileEntity, options: { readonly paths?: Partial<Paths>; readonly roots?: readonly string[]; readonly ids?: readonly number[] } = {}): Promise<readonly JsonObject[]> => {
    const found: JsonObject[] = []
    const request = { entities: standardEntities, entity, paths: { ...defaultPaths, ...options.paths }, ...(options.roots ? { roots: new Set(options.roots) } : {}), ...(options.ids ? { ids: options.ids } : {}) }
    for await (const page of readProfileViews(store, request)) found.push(...page.map((each) => each.root))
    return found
  }
  const emptyLists = { accounts: [], opportunities: [], opportunityRoles: [], campaignMemberships: [], listMemberships: [], events: [] }

  it('gives nothing of an empty store', async () => {
    assert.deepEqual([await read('person'), await read('account'), await read('person', { ids: [1, 2] })], [[], [], []])
  })

  it('nests dotted fields, leaves out what is missing, and has empty lists where there are no rows', async () => {
    await put(person, { _id: 1, _source_keys: ['1@crm'], firstName: 'Ada', 'consents.marketing.email': 'y', tags: ['a', 'b'], custom: '{"shoe":{"size":38}}' })
    assert.deepEqual(await read('person'), [
      { id: '1', person: { personKey: '1@crm', firstName: 'Ada', consents: { marketing: { email: 'y' } }, tags: ['a', 'b'], custom: { shoe: { size: 38 } } }, ...emptyLists },
    ])
  })

  it('gives the accounts of a person with the relation to each, by the path that is asked for', async () => {
    await put(person, { _id: 1, _source_keys: ['1@crm'] })
    await put(account, { _id: 10, _source_keys: ['acme@crm'], name: 'Acme' }, { _id: 11, _source_keys: ['zeta@crm'], name: 'Zeta' })
    await put(accountPerson, { _source_key: 'r1@crm', personKey: '1@crm', accountKey: 'zeta@crm', role: 'Champion', personKey_id: 1, accountKey_id: 11 })
    await store.append(personAccountTable, [[1, 10, true, false, false], [1, 11, false, true, true]])
    const acme = { accountKey: 'acme@crm', name: 'Acme', relation: { direct: true, throughOpportunity: false } }
    const zeta = { accountKey: 'zeta@crm', name: 'Zeta', relation: { role: 'Champion', direct: false, throughOpportunity: true } }
    const accounts = async (path: Paths['accounts']): Promise<unknown> => (await read('person', { paths: { accounts: path }, roots: ['accounts'] }))[0]?.['accounts']
    assert.deepEqual([await accounts('any'), await accounts('direct'), await accounts('relation'), await accounts('opportunity')], [[acme, zeta], [acme], [zeta], [zeta]])
  })

  it('gives the deals of a person by role, by account, or once by either', async () => {
    await put(person, { _id: 1, _source_keys: ['1@crm'] })
    await put(account, { _id: 10, _source_keys: ['acme@crm'] })
    await put(opportunity, { _id: 20, _source_keys: ['o1@crm'], name: 'One', accountKey_id: 10 }, { _id: 21, _source_keys: ['o2@crm'], name: 'Two', accountKey_id: 10 })
    await put(opportunityPerson, { _source_key: 'r1@crm', role: 'Decision Maker', personKey_id: 1, opportunityKey_id: 20 }, { _source_key: 'r2@crm', role: 'Champion', personKey_id: 1, opportunityKey_id: 20 })
    await store.append(personAccountTable, [[1, 10, true, false, false]])
    const one = { opportunityKey: 'o1@crm', name: 'One' }
    const two = { opportunityKey: 'o2@crm', name: 'Two' }
    const deals = async (path: Paths['opportunities']): Promise<unknown> => (await read('person', { paths: { opportunities: path }, roots: ['opportunities'] }))[0]?.['opportunities']
    assert.deepEqual([await deals('role'), await deals('account'), await deals('any')], [[one], [one, two], [one, two]])
    assert.deepEqual((await read('person', { roots: ['opportunityRoles'] }))[0]?.['opportunityRoles'], [{ role: 'Decision Maker' }, { role: 'Champion' }])
  })

  it('gives memberships with the campaign or the list that they are in', async () => {
    await put(person, { _id: 1, _source_keys: ['1@crm'] })
    await put(campaign, { _id: 30, _source_keys: ['c1@crm'], name: 'Spring' })
    await put(campaignMember, { _source_key: 'm1@crm', status: 'Responded', personKey_id: 1, campaignKey_id: 30 })
    await put(marketingList, { _id: 40, _source_keys: ['l1@mkto'], name: 'VIP' })
    await put(listMember, { _source_key: 'm2@mkto', personKey_id: 1, listKey_id: 40 })
    const [view] = await read('person', { roots: ['campaignMemberships', 'listMemberships'] })
    assert.deepEqual(view, {
      id: '1', person: { personKey: '1@crm' }, ...emptyLists,
      campaignMemberships: [{ campaignName: 'Spring', status: 'Responded', campaign: { campaignKey: 'c1@crm', name: 'Spring' } }],
      listMemberships: [{ listName: 'VIP', list: { listKey: 'l1@mkto', name: 'VIP' } }],
    })
  })

  it('gives events by time, then by id', async () => {
    await put(person, { _id: 1, _source_keys: ['1@crm'] })
    const at = '2026-11-20T06:00:00.000Z'
    await put(event, { _seq: 3, _source_key: 'c', _id: 1, timestamp: '2026-11-21T06:00:00.000Z' }, { _seq: 2, _source_key: 'b', _id: 1, timestamp: at }, { _seq: 1, _source_key: 'a', _id: 1, timestamp: at, eventType: 'x' })
    assert.deepEqual((await read('person', { roots: ['events'] }))[0]?.['events'], [{ eventType: 'x', timestamp: at }, { timestamp: at }, { timestamp: '2026-11-21T06:00:00.000Z' }])
  })

  it('gives an account with its people, deals, parent and children', async () => {
    await put(account, { _id: 10, _source_keys: ['acme@crm'], name: 'Acme' }, { _id: 11, _source_keys: ['acme-de@crm'], name: 'Acme DE', parentKey_id: 10 })
    await put(person, { _id: 1, _source_keys: ['1@crm'], title: 'CEO' })
    await put(opportunity, { _id: 20, _source_keys: ['o1@crm'], amount: 5, accountKey_id: 11 })
    await store.append(personAccountTable, [[1, 11, true, false, false]])
    const acme = { accountKey: 'acme@crm', name: 'Acme' }
    const german = { accountKey: 'acme-de@crm', name: 'Acme DE' }
    assert.deepEqual(await read('account'), [
      { id: '10', account: acme, people: [], opportunities: [], children: [german] },
      { id: '11', account: german, people: [{ personKey: '1@crm', title: 'CEO' }], opportunities: [{ opportunityKey: 'o1@crm', amount: 5 }], children: [], parent: acme },
    ])
  })

  it('goes through more profiles than one page holds, in the order of their ids, all or those that are asked for', async () => {
    const ids = Array.from({ length: 4500 }, (_, index) => index * 2 + 1)
    await put(person, ...ids.map((_id) => ({ _id, _source_keys: [`${String(_id)}@crm`] })))
    await put(event, ...ids.map((_id) => ({ _seq: _id, _source_key: String(_id), _id, timestamp: '2026-11-20T06:00:00.000Z', eventType: String(_id) })))
    const seen = (await read('person', { roots: ['events'] })).map((each) => [each['id'], (each['events'] as readonly JsonObject[]).map((one) => one['eventType'])])
    assert.deepEqual(seen, ids.map((id) => [String(id), [String(id)]]))
    assert.deepEqual((await read('person', { ids: [2, 3, 8999, 9001] })).map((each) => each['id']), ['3', '8999'])
  })
})
