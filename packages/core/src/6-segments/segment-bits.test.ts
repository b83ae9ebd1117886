import assert from 'node:assert/strict'
import { sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'
import { membershipTable } from '../stores/tables.js'
import { aStore, testNow } from '../testing/a-store.js'
import { freeBits, placeSegments } from './segment-bits.js'

describe('placeSegments', () => {
  let store: Store
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })
  const segments = (...uids: readonly number[]): readonly { readonly uid: number; readonly entity: 'person' }[] => uids.map((uid) => ({ uid, entity: 'person' }))

  it('keeps the bit of a segment, and gives the bit of a removed one to the next', async () => {
    await placeSegments(store, segments(7, 8, 9))
    await freeBits(store, [8])
    assert.deepEqual([...(await placeSegments(store, segments(9, 10, 11)))], [[7, 0], [9, 2], [10, 1], [11, 3]])
  })

  it('widens the words of its entity alone', async () => {
    await placeSegments(store, Array.from({ length: 51 }, (_, index) => ({ uid: index + 1, entity: 'person' as const })))
    const columns = async (table: string): Promise<readonly string[]> => (await store.findColumns(table)).map((each) => each.name)
    assert.deepEqual([await columns('member_words_person'), await columns('member_words_account')], [['id', 'w0', 'w1'], ['id', 'w0']])
  })

  it('makes words of the memberships of a sandbox that has rows only', async () => {
    await store.append(membershipTable, [[1, 5, 'realized', testNow, null], [2, 5, 'realized', testNow, null], [2, 6, 'realized', testNow, null], [2, 7, 'exited', testNow, testNow]])
    await placeSegments(store, segments(1, 2))
    assert.deepEqual(await store.rows(sqlText`select id, w0 from member_words_person order by id`), [{ id: 5, w0: 3 }, { id: 6, w0: 2 }])
  })
})
