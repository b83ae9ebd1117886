import assert from 'node:assert/strict'
import { account, person } from '../entities/standard-entities.js'
import { unifiedTable } from '../stores/entity-tables.js'
import type { Store, StoreRow, Table } from '../stores/store.js'
import { identityTable, nodeTable } from '../stores/tables.js'
import { aStore } from '../testing/a-store.js'
import { findProfiles, labelProfiles } from './find-profile.js'

describe('findProfiles', () => {
  let store: Store
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  it('finds who has an identity, written in any case, and nobody for one that is unknown', async () => {
    await store.append(identityTable, [['person', 5, 'email', 'ada@acme.example']])
    await store.append(nodeTable, [['person', 5, 2]])
    assert.deepEqual([await findProfiles(store, 'email', ' Ada@Acme.example'), await findProfiles(store, 'email', 'bob@acme.example')], [[2], []])
  })

  it('labels a person by e-mail, name or source key, and an account by its name', async () => {
    const put = (table: Table, ...rows: readonly StoreRow[]): Promise<void> => store.append(table, rows.map((row) => table.columns.map(({ name }) => row[name] ?? null)))
    await put(unifiedTable(person), { _id: 1, _source_keys: ['1@crm'], email: 'ada@acme.example', firstName: 'Ada' }, { _id: 2, _source_keys: ['2@crm'], firstName: 'Bob', lastName: 'Ray' }, { _id: 3, _source_keys: ['3@crm'] })
    await put(unifiedTable(account), { _id: 1, _source_keys: ['acme@crm'], name: 'Acme' })
    assert.deepEqual(await labelProfiles(store, 'person', [3, 1, 9, 2]), ['3@crm', 'ada@acme.example', 'Bob Ray'])
    assert.deepEqual(await labelProfiles(store, 'account', [1]), ['Acme'])
  })
})
