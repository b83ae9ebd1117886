import assert from 'node:assert/strict'
import { defaultPaths } from '../entities/profile-entity.js'
import { person, standardEntities } from '../entities/standard-entities.js'
import { unifiedTable } from '../stores/entity-tables.js'
import type { Store } from '../stores/store.js'
import { membershipTable } from '../stores/tables.js'
import { aStore, testNow } from '../testing/a-store.js'
import { inDependencyOrder } from './dependency-order.js'
import type { SegmentMatches, SegmentRule } from './match.js'
import { matchSegments } from './match-segments.js'

describe('matchSegments', () => {
  let store: Store
  beforeEach(async () => {
    store = await aStore()
    const table = unifiedTable(person)
    const people = [['CEO', 5], ['CFO', 50], ['CEO', 500]].map(([title, leadScore], index) => ({ _id: index + 1, _source_keys: [`${String(index + 1)}@crm`], title, leadScore }))
    await store.append(table, people.map((row) => table.columns.map(({ name }) => (row as Record<string, string | number | readonly string[] | undefined>)[name] ?? null)))
  })
  afterEach(async () => { await store.close() })

  const rule = (uid: number, name: string, expression: string, parts: Partial<SegmentRule> = {}): SegmentRule => ({ uid, name, expression, entity: 'person', paths: defaultPaths, vars: {}, readsSegments: [], ...parts })
  const match = (rules: readonly SegmentRule[], segmentUids: Readonly<Record<string, number>> = {}): Promise<readonly SegmentMatches[]> =>
    matchSegments({ store, entities: standardEntities, rules, nowMs: Date.parse(testNow), segmentUids })
  const ids = async (...request: Parameters<typeof match>): Promise<readonly (readonly number[])[]> => (await match(...request)).map((each) => [...each.ids])

  it('answers in the order of the rules, whatever reads what', async () => {
    const rules = [rule(1, 'rich-chiefs', 'segments.chiefs and segments.rich', { readsSegments: ['chiefs', 'rich'] }), rule(2, 'chiefs', 'person.title = "CEO"'), rule(3, 'rich', 'person.leadScore > $vars.min', { vars: { min: 20 } })]
    assert.deepEqual(await ids(rules), [[3], [1, 3], [2, 3]])
  })

  it('takes the members of segments outside the rules as they are stored', async () => {
    await store.append(membershipTable, [[7, 1, 'realized', testNow, null], [7, 2, 'exited', testNow, testNow]])
    assert.deepEqual(await ids([rule(1, 'reader', 'segments.other')], { other: 7 }), [[]])
    assert.deepEqual(await ids([rule(1, 'reader', 'segments.other', { readsSegments: ['other'] })], { other: 7 }), [[1]])
  })

  it('keeps the stored members outside the scope of a segment that others read', async () => {
    await store.append(membershipTable, [[2, 1, 'realized', testNow, null], [2, 2, 'realized', testNow, null]])
    const rules = [rule(1, 'reader', 'segments.chiefs', { readsSegments: ['chiefs'] }), rule(2, 'chiefs', 'person.title = "CEO"', { scope: [2, 3] })]
    assert.deepEqual(await ids(rules, { chiefs: 2 }), [[1, 3], [3]])
  })

  it('evaluates a rule only for the profiles in its scope', async () => {
    const found = await match([rule(1, 'all', 'true'), rule(2, 'some', 'true', { scope: [2, 99] })])
    assert.deepEqual(found.map((each) => [[...each.ids], each.evaluated]), [[[1, 2, 3], 3], [[2], 1]])
  })

  it('counts failures by their code, and no segment suffers from another', async () => {
    const found = await match([rule(1, 'odd', 'person.leadScore > (person.title = "CEO" ? "x" : 1)'), rule(2, 'not-an-expression', 'a ='), rule(3, 'all', 'true')])
    assert.deepEqual(found.map((each) => [[...each.ids], each.errors]), [[[2], { T2009: 2 }], [[], { S0207: 3 }], [[1, 2, 3], {}]])
  })
})

describe('inDependencyOrder', () => {
  it('puts each segment after those that it reads, and does not hang on a circle', () => {
    const reads = (name: string, ...readsSegments: readonly string[]): { readonly name: string; readonly readsSegments: readonly string[] } => ({ name, readsSegments })
    const order = (...rules: Parameters<typeof inDependencyOrder>[0]): unknown => inDependencyOrder(rules).map((level) => level.map((each) => each.name))
    assert.deepEqual(order(reads('c', 'b', 'a'), reads('b', 'a'), reads('a', 'elsewhere')), [['a'], ['b'], ['c']])
    assert.deepEqual(order(reads('a', 'b'), reads('b', 'a'), reads('c')), [['c'], ['a', 'b']])
  })
})
