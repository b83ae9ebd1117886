// Before anything is delivered: whom a destination knows of those who would be sent, as a plan tells it.
import assert from 'node:assert/strict'
import { planChanges } from '../../packages/core/src/2-plan/index.js'
import type { Plan } from '../../packages/core/src/2-plan/plan.js'
import { fixedClock } from '../../packages/core/src/kernel/clock.js'
import type { Item, MatchResult } from '../../packages/core/src/plugins/sdk.js'
import { noColour } from '../../packages/core/src/render/paint.js'
import { planToMarkdown } from '../../packages/core/src/render/plan-markdown.js'
import { renderPlan } from '../../packages/core/src/render/plan.js'
import type { Store } from '../../packages/core/src/stores/store.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../../packages/core/src/testing/a-project.js'
import { type PartRow, aStore, testNow } from '../../packages/core/src/testing/a-store.js'
import { addProfiles } from '../../packages/core/src/testing/people.js'

describe('the match rate of a plan', () => {
  let store: Store
  const clock = fixedClock(testNow)
  beforeEach(async () => { store = await aStore() })
  afterEach(async () => { await store.close() })

  const people = (rows: readonly PartRow[]): Promise<void> => addProfiles(store, rows)
  const verdict = (index: number): MatchResult['match'] => (index % 10 === 0 ? 'none' : index % 10 === 1 ? 'several' : 'one')

  it('asks a destination whom it knows of at most a batch, the same people each time, and nobody who withholds consent', async () => {
    await people(Array.from({ length: 250 }, (_, index) => ({ key: `${String(index)}@crm`, fields: { email: `p${String(index)}@x`, 'consents.marketing.email': index < 50 ? 'n' : 'y' } })))
    const asked: (readonly Item[])[] = []
    const planWith = (maxBatch: number): Promise<Plan> => planChanges({
      project: aProject({ destinations: [aDestination('list', {}, { consent: { require: ['marketing.email'], onUnknown: 'send' } })], segments: [aSegment('all', 'true', { activate: [anActivation('list')] })] }), applied: anApplied(), store, clock,
      findMatching: () => ({ maxBatch, match: (items) => { asked.push(items); return Promise.resolve(items.map(({ key }, index) => ({ key, match: verdict(index) }))) } }),
    })
    const [first, again, everybody] = [await planWith(100), await planWith(100), await planWith(1000)]
    const matchOf = (found: Plan): unknown => found.changes.flatMap((each) => each.impact?.deliveries ?? []).map(({ adds, match }) => [adds, match])
    assert.deepEqual(matchOf(first), [[200, { asked: 100, one: 80, none: 10, several: 10, found: 160, isEstimate: true }]])
    assert.deepEqual(matchOf(everybody), [[200, { asked: 200, one: 160, none: 20, several: 20, found: 160, isEstimate: false }]])
    assert.deepEqual([matchOf(first), asked[0]], [matchOf(again), asked[1]])
    assert.deepEqual(asked[2]?.filter(({ identities: { email = '' } }) => Number(email.slice(1, -2)) < 50), [])
    assert.match(renderPlan(first, noColour), /known +Destination\/list {3}of 100 asked it knows 80 \(80 %\), 10 more than once; about 160 of 200 would be found/)
    assert.match(planToMarkdown(first), /\+200 -0 · 50 withheld by consent · knows about 160 of 200/)
  })

  it('a destination that fails is a warning without anybody\'s address, asked once; a dry run is not asked', async () => {
    await people([{ key: '1@crm', fields: { email: 'a@x' } }])
    let calls = 0
    const segments = ['one', 'two'].map((each) => aSegment(each, 'true', { activate: [anActivation('list'), anActivation('dry')] }))
    const failed = await planChanges({
      project: aProject({ destinations: [aDestination('list'), aDestination('dry', {}, { dryRun: true })], segments }), applied: anApplied(), store, clock,
      findMatching: ({ name }) => ({ maxBatch: 100, match: () => { calls++; throw new Error(`${name} refuses a@x`) } }),
    })
    assert.deepEqual([calls, failed.warnings.map((each) => [each.code, each.params]), failed.changes.flatMap((each) => each.impact?.deliveries ?? []).filter((each) => each.match)], [1, [['plan/match-not-asked', { destination: 'list', code: 'connector/failed' }]], []])
    assert.match(renderPlan(failed, noColour), /! A destination did not tell whom it knows: Destination\/list was asked, and it failed: connector\/failed\./)
    assert.ok(!JSON.stringify(failed.warnings).includes('a@x'))
  })
})
