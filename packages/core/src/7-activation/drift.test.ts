import assert from 'node:assert/strict'
import { fixedClock } from '../kernel/clock.js'
import { silentLog } from '../kernel/log.js'
import { sqlText } from '../kernel/sql-text.js'
import type { Applied } from '../2-plan/applied.js'
import type { BatchResult, DeliveryRequest, DestinationCapabilities, MemberRef, OpenDestination } from '../plugins/sdk.js'
import type { Store } from '../stores/store.js'
import { aDestination, aProject, aSegment, anActivation, anApplied } from '../testing/a-project.js'
import { recorderCapabilities } from '../testing/a-recorder.js'
import { aStore, testNow } from '../testing/a-store.js'
import { addMoves, addProfiles } from '../testing/people.js'
import type { AudienceDrift } from './delivery.js'
import { activate, findDrift, reconcile } from './index.js'

const capabilities: DestinationCapabilities = { ...recorderCapabilities, maxBatch: 2, readBack: 'members' }

/** A list that tells who is in it. */
class List implements OpenDestination {
  readonly there = new Set<string>()
  constructor(private readonly created: boolean) {}

  check(): Promise<{ readonly ok: true }> { return Promise.resolve({ ok: true }) }
  ensureAudience(): Promise<{ readonly remoteId: string; readonly created: boolean }> { return Promise.resolve({ remoteId: '7', created: this.created }) }
  upsert(request: DeliveryRequest): Promise<BatchResult> { return this.each(request, (email) => this.there.add(email)) }
  remove(request: DeliveryRequest): Promise<BatchResult> { return this.each(request, (email) => this.there.delete(email)) }
  async *members(): AsyncIterable<readonly MemberRef[]> {
    for (const email of this.there) yield await Promise.resolve([{ identities: { email: email.toUpperCase() } }])
  }

  private each({ items }: DeliveryRequest, work: (email: string) => unknown): Promise<BatchResult> {
    for (const { identities } of items) work((identities['email'] ?? '').toLowerCase())
    return Promise.resolve({ items: items.map(({ key }) => ({ key, status: 'ok' })) })
  }
}

describe('drift', () => {
  let store: Store
  const clock = fixedClock(testNow)
  const applied: Applied = anApplied(aProject({ destinations: [aDestination('list')], segments: [aSegment('hot', 'true', { activate: [anActivation('list')] })] }))
  beforeEach(async () => {
    store = await aStore()
    await addProfiles(store, [1, 2, 3].map((each) => ({ key: `${String(each)}@crm.X`, fields: { email: `p${String(each)}@x` } })), clock)
    const ids = (await store.rows<{ id: number }>(sqlText`select _id as id from person order by email`)).map((each) => each.id)
    await addMoves(store, { segment: 2, entered: ids, at: clock.now() })
  })
  afterEach(async () => { await store.close() })

  const connectors = (list: List): (() => { readonly open: OpenDestination; readonly capabilities: DestinationCapabilities }) => () => ({ open: list, capabilities })
  const deliver = (list: List): Promise<unknown> => activate({ store, applied, clock, log: silentLog, random: () => 0.5, connectors: connectors(list) })
  const summary = (drift: readonly AudienceDrift[]): readonly unknown[] => drift.map((each) => [each.there, each.missing, each.foreign, each.sampleForeign, each.removed])

  it('is nothing before the first delivery, and nothing after it', async () => {
    const list = new List(true)
    assert.deepEqual(await findDrift({ store, applied, connectors: connectors(list) }), [])
    await deliver(list)
    assert.deepEqual(summary(await findDrift({ store, applied, connectors: connectors(list) })), [[3, 0, 0, [], undefined]])
  })

  it('is who was taken out or put in by hand; reconciling mends both in a list of ours', async () => {
    const list = new List(true)
    await deliver(list)
    list.there.delete('p2@x')
    list.there.add('stranger@x')
    assert.deepEqual(summary(await findDrift({ store, applied, connectors: connectors(list) })), [[3, 1, 1, ['STRANGER@X'], undefined]])
    assert.deepEqual(summary(await reconcile({ store, applied, clock, connectors: connectors(list) })), [[3, 1, 1, ['STRANGER@X'], 1]])
    await deliver(list)
    assert.deepEqual([...list.there].sort(), ['p1@x', 'p2@x', 'p3@x'])
  })

  it('takes a member who refuses for a stranger, and does not want them again', async () => {
    const list = new List(true)
    await deliver(list)
    await store.transaction((tx) => tx.run(sqlText`update person set "consents.collect" = 'n' where email = 'p1@x'`))
    await store.transaction((tx) => tx.run(sqlText`update activation_cursor set profile_seq = 0`))
    await deliver(list)
    list.there.add('p1@x')
    assert.deepEqual(summary(await reconcile({ store, applied, clock, connectors: connectors(list) })), [[3, 0, 1, ['P1@X'], 1]])
    await deliver(list)
    assert.deepEqual([...list.there].sort(), ['p2@x', 'p3@x'])
  })

  it('leaves strangers in a list that is not ours', async () => {
    const list = new List(false)
    await deliver(list)
    list.there.add('stranger@x')
    await reconcile({ store, applied, clock, connectors: connectors(list) })
    assert.ok(list.there.has('stranger@x'))
  })

  it('is no drift when a member was there before', async () => {
    const list = new List(true)
    list.there.add('p1@x')
    await deliver(list)
    assert.deepEqual(summary(await findDrift({ store, applied, connectors: connectors(list) })), [[3, 0, 0, [], undefined]])
  })
})
