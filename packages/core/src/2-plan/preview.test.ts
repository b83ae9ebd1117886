import assert from 'node:assert/strict'
import { fixedClock } from '../kernel/clock.js'
import { sqlText } from '../kernel/sql-text.js'
import type { Store } from '../stores/store.js'
import { membershipTable } from '../stores/tables.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { type PartRow, aStore, testNow } from '../testing/a-store.js'
import { addProfiles } from '../testing/people.js'
import { planChanges } from './index.js'
import type { Plan, SegmentImpact } from './plan.js'

describe('the impact of a plan', () => {
  let store: Store
  const clock = fixedClock(testNow)
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  const people = (rows: readonly PartRow[]): Promise<void> => addProfiles(store, rows)
  const project = aProject({ destinations: [aDestination('list')], segments: [aSegment('all', 'true', { activate: [anActivation('list')] })] })
  const plan = (impact?: 'sample'): Promise<Plan> => planChanges({
    project, applied: anApplied(), store, clock, ...(impact ? { impact } : {}),
    findCapabilities: () => ({ maxBatch: 100, limits: [{ requests: 1, per: '20s', scope: 'account' }], identities: ['email', 'ecid'], createsMissing: false }),
  })

  it('counts whom a destination cannot find, and reckons the requests at its limits', async () => {
    await people(Array.from({ length: 250 }, (_, index) => ({ key: `${String(index)}@crm`, fields: index < 240 ? { email: `p${String(index)}@x` } : { title: 'CEO' } })))
    assert.deepEqual((await plan()).deliveries, [{ destination: 'list', adds: 250, removes: 0, unmatched: 10, pace: { requests: 3, seconds: 40 } }])
  })

  it('sends nobody again because a destination has another name', async () => {
    await people([{ key: '1@crm', fields: { email: 'a@x' } }])
    const renamed = aProject({ destinations: [aDestination('audience', {}, { renamedFrom: ['list'] })], segments: [aSegment('all', 'true', { activate: [anActivation('audience')] })] })
    const before = await store.row<{ id: number }>(sqlText`select _id as id from person`)
    await store.transaction((tx) => tx.append(membershipTable, [[2, before.id, 'realized', testNow, null]]))
    const { changes } = await planChanges({ project: renamed, applied: anApplied(project), store, clock })
    assert.deepEqual(changes.flatMap((each) => each.impact?.deliveries ?? []), [{ destination: 'audience', adds: 0, removes: 0 }])
  })

  it('looks at everybody where there are few, even when a sample is asked for', async () => {
    await people([{ key: '1@crm', fields: { email: 'a@x' } }])
    assert.deepEqual((await plan('sample')).changes.find((each) => each.impact)?.impact?.basis, { is: 'exact' })
  })

  it('estimates from a sample that is the same each time, with an interval that holds the truth', async () => {
    await store.transaction(async (tx) => {
      await tx.run(sqlText`insert into person (_id, email, "scores.fit") select i, 'p' || i || '@x', (i * 7919) % 100 from range(1, 200001) t(i)`)
      await tx.run(sqlText`insert into profile_cursor select 1`)
    })
    const fitting = aProject({ destinations: [aDestination('list')], segments: [aSegment('fitting', 'person.scores.fit >= 97', { activate: [anActivation('list')] })] })
    const of = async (impact: 'sample' | 'exact'): Promise<SegmentImpact | undefined> => (await planChanges({ project: fitting, applied: anApplied(), store, clock, impact })).changes.find((each) => each.impact)?.impact
    const [first, again, exact] = [await of('sample'), await of('sample'), await of('exact')]
    assert.deepEqual(first, again)
    assert.equal(exact?.enter, 6000)
    assert.ok(first?.basis.is === 'sample' && first.basis.of === 200_000 && Math.abs(first.basis.profiles - 50_000) < 1000, JSON.stringify(first))
    const [from, to] = first.basis.enterBetween
    assert.ok(from <= 6000 && 6000 <= to && to - from < 600, JSON.stringify(first.basis))
  })
})
