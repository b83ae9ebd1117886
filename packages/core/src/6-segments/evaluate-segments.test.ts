import assert from 'node:assert/strict'
import type { Segment } from '../1-project/project.js'
import type { Applied } from '../2-plan/applied.js'
import { account, event, opportunity, opportunityPerson, person, standardEntities } from '../entities/standard-entities.js'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { updateProfiles } from '../5-profiles/index.js'
import type { Store } from '../stores/store.js'
import { aProject, aSegment, anApplied, seedLimits } from '../testing/a-project.js'
import { type PartRow, aStore, addParts, testNow } from '../testing/a-store.js'
import { evaluateSegments, evaluateTouched } from './index.js'
import type { MembershipChanges } from './membership.js'

const dayMs = 86_400_000

describe('evaluateSegments', () => {
  let store: Store
  let seq = 1
  const clock = fixedClock(testNow)
  beforeEach(async () => { store = await aStore(); seq = 1 })
  afterEach(async () => { await store.close() })

  const people = async (...rows: readonly PartRow[]): Promise<void> => {
    await addParts(store, person, seq, rows)
    seq += rows.length
    await profiles()
  }
  const profiles = (): Promise<unknown> => updateProfiles({ store, entities: standardEntities, sourceRanks: [], limits: seedLimits, clock, log: silentLog })
  const applied = (...segments: readonly Segment[]): Applied => anApplied(aProject({ segments }))
  const evaluate = (state: Applied, run = 'r'): Promise<MembershipChanges> => evaluateSegments({ store, applied: state, clock, run })
  const summary = ({ segments }: MembershipChanges): readonly unknown[] => segments.map((each) => [each.segment, each.entered, each.left, each.members])
  const log = (): Promise<readonly unknown[]> => store.rows(sqlText`select seq, segment, id, change, because from membership_log order by seq`)
  const named = (title: string, ...numbers: readonly number[]): readonly PartRow[] => numbers.map((each) => ({ key: `${String(each)}@crm`, fields: { email: `p${String(each)}@x`, title } }))

  it('does nothing in an empty sandbox, with segments or without', async () => {
    assert.deepEqual(summary(await evaluate(applied())), [])
    assert.deepEqual(summary(await evaluate(applied(aSegment('all', 'true')))), [['all', 0, 0, 0]])
  })

  it('logs who entered and who left, in order, and nothing when nothing changed', async () => {
    await people(...named('CEO', 1, 2))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'))
    assert.deepEqual(summary(await evaluate(state)), [['chiefs', 2, 0, 2]])
    assert.deepEqual(summary(await evaluate(state)), [['chiefs', 0, 0, 2]])
    await people(...named('CFO', 1), ...named('CEO', 3))
    assert.deepEqual(summary(await evaluate(state)), [['chiefs', 1, 1, 2]])
    assert.deepEqual(await log(), [
      { seq: 1, segment: 1, id: 1, change: 'entered', because: 'matched' }, { seq: 2, segment: 1, id: 3, change: 'entered', because: 'matched' },
      { seq: 3, segment: 1, id: 1, change: 'left', because: 'no-longer-matched' }, { seq: 4, segment: 1, id: 5, change: 'entered', because: 'matched' },
    ])
  })

  it('keeps since when somebody is in, and an exit for thirty days', async () => {
    await people(...named('CEO', 1))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'))
    await evaluate(state)
    const later = fixedClock(testNow)
    later.advance(dayMs)
    await people(...named('CFO', 1))
    await evaluateSegments({ store, applied: state, clock: later, run: 'r2' })
    assert.deepEqual(await store.rows(sqlText`select status, qualified_at, exited_at from membership`), [{ status: 'exited', qualified_at: testNow, exited_at: '2026-11-24T06:00:00.000Z' }])
    later.advance(31 * dayMs)
    await evaluateSegments({ store, applied: state, clock: later, run: 'r3' })
    assert.deepEqual(await store.rows(sqlText`select * from membership`), [])
  })

  it('lets people out when a time window closes, though nothing happened', async () => {
    await addParts(store, event, seq, [{ key: 'e1', fields: { eventType: 'web.pageView', timestamp: '2026-11-20T06:00:00.000Z', email: 'a@x' } }])
    seq++
    await profiles()
    const state = applied(aSegment('active', '$count(events[timestamp > $daysAgo(7)]) > 0'))
    assert.deepEqual(summary(await evaluate(state)), [['active', 1, 0, 1]])
    const later = fixedClock(testNow)
    later.advance(7 * dayMs)
    assert.deepEqual(summary(await evaluateSegments({ store, applied: state, clock: later, run: 'r2' })), [['active', 0, 1, 0]])
  })

  it('evaluates segments of segments after those that they read, and again when those change', async () => {
    await people(...named('CEO', 1, 2))
    const state = applied(aSegment('both', 'segments.chiefs and segments.known', { readsSegments: ['chiefs', 'known'] }), aSegment('chiefs', 'person.title = "CEO"'), aSegment('known', '$exists(person.email)'))
    assert.deepEqual(summary(await evaluate(state)), [['both', 2, 0, 2], ['chiefs', 2, 0, 2], ['known', 2, 0, 2]])
    await people(...named('CFO', 1))
    assert.deepEqual(summary(await evaluate(state)), [['both', 0, 1, 1], ['chiefs', 0, 1, 1], ['known', 0, 0, 2]])
    const narrower = { ...state, segments: { ...state.segments, chiefs: { uid: state.segments['chiefs']?.uid ?? 0, spec: aSegment('chiefs', 'person.title = "none"') } } }
    assert.deepEqual(summary(await evaluate(narrower)), [['both', 0, 1, 0], ['chiefs', 0, 1, 0], ['known', 0, 0, 2]])
  })

  it('evaluates on-change segments over several entities for whom a change touched, and leaves a change that touched too many to the next run', async () => {
    const employ = async (count: number): Promise<void> => {
      await addParts(store, account, seq++, [{ key: 'acme@crm', fields: { employees: count } }])
      await profiles()
    }
    const touch = async (state: Applied, mostTouched?: number): Promise<readonly unknown[]> =>
      (await evaluateTouched({ store, applied: state, clock, run: 'r', ...(mostTouched === undefined ? {} : { mostTouched }) })).segments.map((each) => [each.segment, each.entered, each.left, each.evaluated])
    const state = applied(aSegment('large', '$exists(accounts[employees > 5])', { lane: 'on-change' }), aSegment('large-daily', '$exists(accounts[employees > 5])'))
    await addParts(store, person, seq, [1, 2, 3, 4].map((id) => ({ key: `${String(id)}@crm`, fields: id === 4 ? {} : { accountKey: 'acme@crm' } })))
    seq += 4
    await employ(1)
    assert.deepEqual(await touch(state), [], 'what was never evaluated waits for its first run')
    await evaluate(state)
    await employ(9)
    assert.deepEqual(await touch(state), [['large', 3, 0, 3]])
    assert.deepEqual(await touch(state), [])
    await employ(2)
    assert.deepEqual(await touch(state, 2), [])
    // Nor when so much changed that it is not even counted.
    assert.deepEqual(await touch(state, 0), [])
    assert.deepEqual(summary(await evaluate(state)), [['large', 0, 3, 0], ['large-daily', 0, 0, 0]])
  })

  it('sees accounts, deals and roles of a person, by the paths that the segment states', async () => {
    await addParts(store, account, seq, [{ key: 'acme@crm', fields: { name: 'Acme', employees: 900 } }])
    await addParts(store, person, seq + 1, [{ key: '1@crm', fields: { accountKey: 'acme@crm' } }, { key: '2@crm', fields: {} }])
    await addParts(store, opportunity, seq + 3, [{ key: 'o1@crm', fields: { accountKey: 'acme@crm', isClosed: false, amount: 70 } }])
    await addParts(store, opportunityPerson, seq + 4, [{ key: 'r1@crm', fields: { opportunityKey: 'o1@crm', personKey: '2@crm', role: 'Decision Maker' } }])
    await profiles()
    const deals = '$sum(opportunities[isClosed = false].amount) > 50'
    const state = applied(
      aSegment('by-role', deals), aSegment('by-account', deals, { paths: { accounts: 'direct', opportunities: 'account' } }), aSegment('by-any', deals, { paths: { accounts: 'any', opportunities: 'any' } }),
      aSegment('big', '$exists(accounts[employees > 500 and relation.direct])'), aSegment('deciders', '"Decision Maker" in opportunityRoles.role'), aSegment('accounts', '$count(people) = 2 and opportunities.amount = 70', { entity: 'account' }),
    )
    assert.deepEqual((await evaluate(state)).segments.map((each) => [each.segment, each.members, each.errors]), [['accounts', 1, {}], ['big', 1, {}], ['by-account', 1, {}], ['by-any', 2, {}], ['by-role', 1, {}], ['deciders', 1, {}]])
  })

  it('counts the people on whom an expression fails, and goes on with the others', async () => {
    await people({ key: '1@crm', fields: { leadScore: 7, tags: ['x'] } }, { key: '2@crm', fields: { leadScore: 3 } })
    const [found] = (await evaluate(applied(aSegment('odd', '$exists(person.tags) ? person.leadScore > "5" : person.leadScore > 1')))).segments
    assert.deepEqual([found?.members, found?.errors], [1, { T2009: 1 }])
  })

  it('stops an expression that runs away, keeps its members, and lets the others go on', async () => {
    await people(...named('CEO', 1, 2, 3, 4, 5, 6))
    await evaluate(applied(aSegment('chiefs', 'person.title = "CEO"'), aSegment('known', '$exists(person.email)')))
    const { segments } = await evaluate(applied(aSegment('chiefs', '($f := function() { $f() }; $f())'), aSegment('known', 'person.email != "p1@x"')))
    assert.deepEqual(segments.map(({ segment, entered, left, members, errors, stopped }) => [segment, entered, left, members, errors, stopped]), [
      ['chiefs', 0, 0, 6, { D1012: 3 }, true], ['known', 0, 1, 5, {}, undefined],
    ])
  })

  it('keeps the members of a renamed segment', async () => {
    await people(...named('CEO', 1))
    await evaluate(applied(aSegment('old', 'person.title = "CEO"')))
    assert.deepEqual(summary(await evaluate(applied(aSegment('new', 'person.title = "CEO"')))), [['new', 0, 0, 1]])
  })

  it('lets everybody leave a removed segment, once', async () => {
    await people(...named('CEO', 1))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'))
    await evaluate(state)
    const segment = state.segments['chiefs']
    assert.ok(segment)
    const removed = { ...applied(), retired: [{ segment, destinations: [], segmentRemoved: true }] }
    assert.deepEqual(summary(await evaluate(removed)), [['chiefs', 0, 1, 0]])
    assert.deepEqual((await log()).at(-1), { seq: 2, segment: 1, id: 1, change: 'left', because: 'segment-removed' })
    assert.deepEqual(summary(await evaluate(removed)), [])
  })

  it('tells that a merged person left as merged, and that the other stays', async () => {
    await people(...named('CEO', 1, 2))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'))
    await evaluate(state)
    await people({ key: '2@crm', fields: { email: 'p1@x', title: 'CEO' } })
    assert.deepEqual(summary(await evaluate(state)), [['chiefs', 0, 1, 1]])
    assert.deepEqual((await store.rows(sqlText`select id, because from membership_log where change = ${param('left')}`)), [{ id: 3, because: 'profile-merged' }])
  })

  it('writes all or nothing, and does all of it the next time', async () => {
    await people(...named('CEO', 1, 2))
    const state = applied(aSegment('a', 'person.title = "CEO"'), aSegment('b', '$exists(person.email)'))
    // Two rows of one evaluation have the same position, so the last thing that is written fails.
    await store.run(sqlText`create unique index one_at_a_time on segment_state (profile_seq)`)
    await assert.rejects(evaluate(state))
    assert.deepEqual([await log(), await store.rows(sqlText`select * from membership`), await store.rows(sqlText`select * from segment_state`)], [[], [], []])
    await store.run(sqlText`drop index one_at_a_time`)
    assert.deepEqual(summary(await evaluate(state)), [['a', 2, 0, 2], ['b', 2, 0, 2]])
    assert.deepEqual(await log(), [[1, 1, 1], [2, 1, 3], [3, 2, 1], [4, 2, 3]].map(([each, segment, id]) => ({ seq: each, segment, id, change: 'entered', because: 'matched' })))
  })

  it('takes people back in, with a new time of entry', async () => {
    await people(...named('CEO', 1))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'))
    const later = fixedClock(testNow)
    const again = async (title: string): Promise<void> => {
      later.advance(dayMs)
      await people(...named(title, 1))
      await evaluateSegments({ store, applied: state, clock: later, run: 'r' })
    }
    await evaluate(state)
    await again('CFO')
    await again('CEO')
    assert.deepEqual(await store.rows(sqlText`select status, qualified_at, exited_at from membership`), [{ status: 'realized', qualified_at: '2026-11-25T06:00:00.000Z', exited_at: null }])
    assert.deepEqual((await store.rows(sqlText`select change from membership_log order by seq`)).map((each) => each['change']), ['entered', 'left', 'entered'])
  })

  it('evaluates with one segment also those linked to it, and no others', async () => {
    await people(...named('CEO', 1, 2))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'), aSegment('known', '$exists(person.email)'), aSegment('reader', 'segments.chiefs', { readsSegments: ['chiefs'] }))
    const only = await evaluateSegments({ store, applied: state, clock, run: 'r', only: ['chiefs'] })
    assert.deepEqual(summary(only), [['chiefs', 2, 0, 2], ['reader', 2, 0, 2]])
    assert.deepEqual(summary(await evaluate(state)), [['chiefs', 0, 0, 2], ['known', 2, 0, 2], ['reader', 0, 0, 2]])
  })

  it('evaluates only the people who changed, unless the clock matters', async () => {
    await people(...named('CEO', 1, 2, 3))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'), aSegment('new', 'person.createdAt > $daysAgo(7)'))
    const evaluated = ({ segments }: MembershipChanges): readonly unknown[] => segments.map((each) => [each.segment, each.evaluated])
    assert.deepEqual(evaluated(await evaluate(state)), [['chiefs', 3], ['new', 3]])
    await people(...named('CFO', 2))
    assert.deepEqual(evaluated(await evaluate(state)), [['chiefs', 1], ['new', 3]])
  })

  it('tells that a deleted person left as removed', async () => {
    await people(...named('CEO', 1))
    const state = applied(aSegment('chiefs', 'person.title = "CEO"'))
    await evaluate(state)
    await people({ key: '1@crm', fields: { email: 'p1@x', title: 'CEO' }, deleted: true })
    assert.deepEqual(summary(await evaluate(state)), [['chiefs', 0, 1, 0]])
    assert.deepEqual((await store.rows(sqlText`select id, because from membership_log where change = ${param('left')}`)), [{ id: 1, because: 'profile-removed' }])
  })
})
