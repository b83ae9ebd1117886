// What holds of plans whatever the project: applied means nothing left to do, and the order in which things are written means nothing.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Project } from '../../packages/core/src/1-project/project.js'
import { emptyApplied, planChanges, readApplied } from '../../packages/core/src/2-plan/index.js'
import type { Change, Plan } from '../../packages/core/src/2-plan/plan.js'
import { applyPlan } from '../../packages/core/src/3-apply/index.js'
import { updateProfiles } from '../../packages/core/src/5-profiles/index.js'
import { evaluateSegments } from '../../packages/core/src/6-segments/index.js'
import { compose } from '../../packages/core/src/compose.js'
import { account, event, person } from '../../packages/core/src/entities/standard-entities.js'
import { fixedClock } from '../../packages/core/src/kernel/clock.js'
import { silentLog } from '../../packages/core/src/kernel/log.js'
import type { Store } from '../../packages/core/src/stores/store.js'
import { seedLimits } from '../../packages/core/src/testing/a-project.js'
import { type PartRow, aStore, addParts, testNow } from '../../packages/core/src/testing/a-store.js'
import { type Documents, arbitraryProject, shuffled } from './arbitrary-project.js'

const clock = fixedClock(testNow)
// Each run plans, applies and plans again on a database of its own.
const runs = 15

describe('plans of random projects', function () {
  this.timeout(180_000)
  let root = ''
  let folders = 0
  before(() => { root = mkdtempSync(join(tmpdir(), 'cdp-plans-')) })
  after(() => { rmSync(root, { recursive: true }) })

  const load = async (files: readonly Documents[]): Promise<Project> => {
    const folder = join(root, String(folders++))
    mkdirSync(join(folder, 'files'), { recursive: true })
    // The project's own document is found by its file's name.
    const project = files.flat().filter((each) => each['kind'] === 'Project')
    const rest = files.map((documents) => documents.filter((each) => each['kind'] !== 'Project'))
    for (const [index, documents] of [project, ...rest].entries()) {
      if (documents.length > 0) writeFileSync(index === 0 ? join(folder, 'cdp.yaml') : join(folder, 'files', `${String(index)}.yaml`), documents.map((each) => JSON.stringify(each)).join('\n---\n'))
    }
    const checked = await compose({ env: {}, folder, logFrom: 'error' }).loadProject({})
    assert.ok(checked.ok, checked.ok ? '' : JSON.stringify(checked.problems))
    // Two folders with the same files are the same project.
    return { ...checked.value, folder: '/project' }
  }
  const applyAll = async (store: Store, documents: Documents): Promise<Plan> => {
    const plan = await planChanges({ project: await load([documents]), applied: await readApplied(store), store, clock })
    await applyPlan({ plan: { ...plan, blocks: [] }, store, clock, folder: '/project' })
    return plan
  }
  const again = async (store: Store, documents: Documents): Promise<readonly Change[]> => (await planChanges({ project: await load([documents]), applied: await readApplied(store), store, clock })).changes

  it('have nothing left to do once they are applied, after whatever was applied before', async () => {
    await fc.assert(fc.asyncProperty(arbitraryProject, arbitraryProject, async (first, second) => {
      const store = await aStore()
      try {
        for (const documents of [first, second, first]) {
          await applyAll(store, documents)
          assert.deepEqual(await again(store, documents), [])
        }
      } finally {
        await store.close()
      }
    }), { seed: 11, numRuns: runs })
  })

  it('do not depend on the order of files, documents or keys', async () => {
    await fc.assert(fc.asyncProperty(arbitraryProject, arbitraryProject, fc.nat(1000), async (first, second, seed) => {
      const store = await aStore()
      try {
        await applyAll(store, first)
        const applied = await readApplied(store)
        const [one, other] = await Promise.all([load([second]), load(shuffled(second, seed))])
        assert.deepEqual(withoutPlaces(await planChanges({ project: other, applied, store, clock })), withoutPlaces(await planChanges({ project: one, applied, store, clock })))
        assert.deepEqual(withoutPlaces(await planChanges({ project: other, applied: emptyApplied(clock), store, clock })).counts, withoutPlaces(await planChanges({ project: one, applied: emptyApplied(clock), store, clock })).counts)
      } finally {
        await store.close()
      }
    }), { seed: 12, numRuns: runs })
  })

  it('show exactly who the evaluation moves', async () => {
    await fc.assert(fc.asyncProperty(arbitraryProject, arbitraryProject, async (first, second) => {
      const store = await aStore()
      try {
        await applyAll(store, first)
        await addPeople(store)
        const applied = await readApplied(store)
        await updateProfiles({ store, entities: applied.entities, sourceRanks: [], limits: seedLimits, clock, log: silentLog })
        await evaluateSegments({ store, applied, clock, run: 'before' })
        const plan = await applyAll(store, second)
        const next = await readApplied(store)
        const { segments } = await evaluateSegments({ store, applied: next, clock, run: 'after' })
        const shown = new Map(plan.changes.map((each) => [each.address, each.impact]))
        for (const { segment, entered, left, members, held } of segments) {
          const impact = shown.get(`Segment/${segment}`)
          // A removed segment is stopped by the plan alone.
          const blocked = next.segments[segment] !== undefined && plan.blocks.some((each) => each.address === `Segment/${segment}`)
          assert.deepEqual({ segment, entered, left, members: impact ? members : 0, held: held?.is }, { segment, entered: impact?.enter ?? 0, left: impact?.exit ?? 0, members: impact?.after ?? 0, held: blocked ? 'shrinks' : undefined })
        }
      } finally {
        await store.close()
      }
    }), { seed: 13, numRuns: runs })
  })
})

function withoutPlaces(plan: Plan): Plan {
  const { headroom: _headroom, ...rest } = plan
  return JSON.parse(JSON.stringify({ ...rest, changes: plan.changes.map(({ at: _at, ...change }) => change) })) as Plan
}

async function addPeople(store: Store): Promise<void> {
  const titles = ['CEO', 'CFO', 'Manager', null]
  const people = Array.from({ length: 60 }, (_, index): PartRow => ({ key: `p${String(index)}@crm.Files`, fields: { email: `p${String(index)}@acme.example`, title: titles[index % 4] ?? null, 'scores.fit': (index * 7) % 100, accountKey: `a${String(index % 5)}@crm.Files` } }))
  const accounts = Array.from({ length: 5 }, (_, index): PartRow => ({ key: `a${String(index)}@crm.Files`, fields: { name: `A${String(index)}`, employees: index * 60 } }))
  const events = Array.from({ length: 40 }, (_, index): PartRow => ({ key: `e${String(index)}@crm.Files`, fields: { personKey: `p${String(index)}@crm.Files`, eventType: 'web.formFilledOut', timestamp: index % 2 === 0 ? '2026-11-20T00:00:00.000Z' : '2026-10-01T00:00:00.000Z' } }))
  await addParts(store, account, 1, accounts)
  await addParts(store, person, 101, people)
  await addParts(store, event, 201, events)
}
