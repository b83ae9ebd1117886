import assert from 'node:assert/strict'
import { sqlText } from '../kernel/sql-text.js'
import { aStore } from '../testing/a-store.js'
import { countUnmatchable } from './count-unmatchable.js'

describe('countUnmatchable', () => {
  it('counts the members whom a destination has nothing to find by', async () => {
    const store = await aStore()
    await store.run(sqlText`insert into person by name select * from (values (1, ['1@crm'], 'a@x', null), (2, ['2@crm'], null, '1'), (3, ['3@crm'], ' ', ''), (4, []::varchar[], null, null), (5, ['5@crm'], null, null)) v(_id, _source_keys, email, ecid)`)
    const members = sqlText`select _id from person where _id <> 5`
    const counts = await Promise.all([['email', 'ecid'], ['email'], ['b2b_person', 'email'], ['phone', 'email'], []].map((each) => countUnmatchable(store, members, each)))
    assert.deepEqual(counts, [2, 3, 1, 0, 0])
    await store.close()
  })
})
