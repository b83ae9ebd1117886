import assert from 'node:assert/strict'
import { sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'
import { memberWordsTables, membershipLogTable, membershipTable, segmentBitTable, segmentStateTable } from '../stores/tables.js'
import { aSegment } from '../testing/a-project.js'
import { aStore, testNow } from '../testing/a-store.js'
import { forgetSegment } from './index.js'

const [hot, warm] = [7, 8]

describe('forgetSegment', () => {
  let store: Store
  beforeEach(async () => {
    store = await aStore()
    await store.transaction(async (tx) => {
      await tx.append(segmentBitTable, [[warm, 'person', 0], [hot, 'person', 1]])
      await tx.append(memberWordsTables.person, [[1, 3], [2, 2], [3, 1]])
      await tx.append(membershipTable, [[hot, 1, 'realized', testNow, null], [hot, 2, 'realized', testNow, null], [warm, 1, 'realized', testNow, null], [warm, 3, 'realized', testNow, null]])
      await tx.append(segmentStateTable, [[hot, 'd', 1, testNow, 2, '{}'], [warm, 'd', 1, testNow, 2, '{}']])
    })
  })
  afterEach(async () => { await store.close() })

  const log = (...segments: readonly number[]): Promise<void> => store.transaction((tx) => tx.append(membershipLogTable, segments.map((segment, index) => [index + 1, segment, 1, 'entered', 'matched', 'r', testNow])))
  const forget = (): Promise<void> => store.transaction((tx) => forgetSegment(tx, { uid: hot, spec: aSegment('hot', 'true') }))
  const seqs = async (): Promise<readonly number[]> => (await store.rows<{ seq: number }>(sqlText`select seq from membership_log order by seq`)).map((each) => each.seq)

  it('takes its members, its bit and its state, and leaves those of others', async () => {
    await forget()
    assert.deepEqual(await store.rows(sqlText`select segment, id from membership order by id`), [{ segment: warm, id: 1 }, { segment: warm, id: 3 }])
    assert.deepEqual(await store.rows(sqlText`select id, w0 from member_words_person order by id`), [{ id: 1, w0: 1 }, { id: 2, w0: 0 }, { id: 3, w0: 1 }])
    assert.deepEqual(await store.rows(sqlText`select segment, bit from segment_bit`), [{ segment: warm, bit: 0 }])
    assert.deepEqual(await store.rows(sqlText`select segment from segment_state`), [{ segment: warm }])
  })

  it('takes its log, but for the newest entry: cursors of other segments have passed that number', async () => {
    await log(hot, warm, hot, warm)
    await forget()
    assert.deepEqual(await seqs(), [2, 4])
    await store.run(sqlText`delete from membership_log`)
    await log(hot, warm, hot)
    await forget()
    assert.deepEqual(await seqs(), [2, 3])
  })
})
