// From a change in Marketo to a static list in Marketo, through the whole pipeline: sources, profiles, segments, delivery.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { planChanges } from '../packages/core/src/2-plan/index.js'
import type { Plan } from '../packages/core/src/2-plan/plan.js'
import { updateProfiles } from '../packages/core/src/5-profiles/index.js'
import { compose } from '../packages/core/src/compose.js'
import type { RunResult } from '../packages/core/src/daemon/run.js'
import { standardEntities } from '../packages/core/src/entities/standard-entities.js'
import { param, sqlText } from '../packages/core/src/kernel/sql-text.js'
import { silentLog } from '../packages/core/src/kernel/log.js'
import { unifiedTable } from '../packages/core/src/stores/entity-tables.js'
import { aDestination, aProject, aSegment, anActivation, anApplied, seedLimits } from '../packages/core/src/testing/a-project.js'
import { addParts } from '../packages/core/src/testing/a-store.js'
import { marketoConnector } from '../packages/plugin-marketo/src/index.js'
import { type PassOptions, Pipeline } from './crm/pipeline.js'
import { marketoConfig } from './simulators/marketo/connect.js'
import { MarketoSimulator } from './simulators/marketo/simulator.js'
import { startRecordingProxy, valuesOf } from './simulators/recording-proxy.js'

describe('from a change in Marketo to a static list', () => {
  let simulator: MarketoSimulator
  let pipeline: Pipeline
  beforeEach(async () => {
    simulator = await new MarketoSimulator().start()
    const marketo = { connector: marketoConnector, config: marketoConfig(simulator) }
    pipeline = await Pipeline.open({
      clock: simulator,
      sources: [{ name: 'marketo', instance: simulator.instance.munchkinId, streams, ...marketo }],
      destination: { name: 'lists', ...marketo },
      segments: [aSegment('chiefs', 'person.title = "Chief" and accounts[employees > 50]', { activate: [anActivation('lists', { list: 'Chiefs' })] })],
    })
  })
  afterEach(async () => { await pipeline.close(); await simulator.close() })

  const streams = (marketoConnector.source?.streamsOf?.({}) ?? []).filter(({ entity, key, map, optional }) => optional !== true && entity !== undefined && key !== undefined && map !== undefined).map(({ name }) => name)
  const run = (options: PassOptions = {}): Promise<RunResult> => {
    simulator.advance(5 * 60_000)
    return pipeline.run(options)
  }
  const list = (): readonly number[] => [...([...simulator.instance.lists.values()].find((each) => each.name === 'Chiefs')?.members.keys() ?? [])].sort()

  it('a change puts in, an exit takes out, nobody is created, and what was changed by hand is told and mended', async () => {
    const day = 86_400_000
    const company = simulator.instance.addCompany({ company: 'Acme', numberOfEmployees: 70 })
    const person = (email: string, title: string): number => simulator.instance.addLead({ email, title, contactCompany: company }, { atMs: simulator.nowMs - day })
    const [ada, bob] = [person('ada@acme.example', 'Chief'), person('bob@acme.example', 'Clerk')]
    const first = await run()
    assert.deepEqual([first.failures, list()], [[], [ada]])

    simulator.instance.updateLead(bob, { title: 'Chief' })
    simulator.instance.updateLead(ada, { title: 'Retired' })
    await run()
    assert.deepEqual(list(), [bob])

    // Somebody takes Bob out by hand, and puts Ada in.
    const [id = 0] = [...simulator.instance.lists.values()].filter((each) => each.name === 'Chiefs').map((each) => each.id)
    simulator.instance.removeFromList(id, bob)
    simulator.instance.addToList(id, ada)
    const mended = await run({ reconcile: true })
    assert.deepEqual(mended.drift?.map((each) => [each.destination, each.missing, each.foreign, each.sampleForeign]), [['lists', 1, 1, ['ada@acme.example']]])
    assert.deepEqual(list(), [bob])

    // A member whom Marketo does not know, from elsewhere: told, and never created.
    await pipeline.store.transaction(async (tx) => {
      const table = unifiedTable(pipeline.applied.entities['person'] ?? assert.fail())
      await tx.append(table, [table.columns.map(({ name }) => (name === '_id' ? 990 : name === 'email' ? 'stranger@acme.example' : name === '_source_keys' ? ['9@crm.CRM'] : null))])
      await tx.run(sqlText`insert into membership_log select coalesce(max(seq), 0) + 1, ${param(pipeline.applied.segments['chiefs']?.uid ?? 0)}, 990, 'entered', 'matched', 'r', ${param(pipeline.connection.clock.now())}::timestamp from membership_log`)
    })
    await run()
    assert.deepEqual(await pipeline.store.rows(sqlText`select id, state, code from outbox`), [{ id: 990, state: 'unmatched', code: 'marketo/no-match' }])
    assert.equal(simulator.instance.leadsCreatedByClients, 0)
    assert.deepEqual(list(), [bob])

    // Somebody enters them in Marketo.
    const stranger = simulator.instance.addLead({ email: 'stranger@acme.example' })
    simulator.advance(600_000)
    await run({ reconcile: true })
    assert.deepEqual([await pipeline.store.rows(sqlText`select id from outbox`), list()], [[], [bob, stranger]])
  })

  it('merged leads become one person, in the list under the one that is left, and deleted leads leave', async () => {
    const [ada, again, eve] = ['ada@acme.example', 'ada@home.example', 'eve@acme.example'].map((email) => simulator.instance.addLead({ email, title: 'Chief', contactCompany: simulator.instance.addCompany({ company: email, numberOfEmployees: 70 }) }, { atMs: simulator.nowMs - 86_400_000 })) as [number, number, number]
    await run()
    assert.deepEqual(list(), [ada, again, eve])
    simulator.instance.mergeLeads(ada, [again])
    simulator.instance.deleteLead(eve)
    simulator.instance.lists.forEach(({ members }) => members.delete(eve))
    await run()
    assert.deepEqual(list(), [ada])
    assert.deepEqual(await pipeline.store.rows(sqlText`select count(*) as people from person where email is not null`), [{ people: 1 }])
  })

  it('lets nothing pass to the destination but e-mail addresses, ECIDs, and ids of Marketo itself', async () => {
    const proxy = await startRecordingProxy(simulator.url)
    const destination = { restUrl: proxy.url, identityUrl: proxy.url }
    const contactCompany = simulator.instance.addCompany({ company: 'Secret Corp', numberOfEmployees: 70 })
    const ecid = '1'.repeat(38)
    const ids = [{ email: 'ada@acme.example' }, { ecids: ecid }].map((identity) => simulator.instance.addLead({ ...identity, firstName: 'Augusta', lastName: 'Lovelace', phone: '+44 1', title: 'Chief', leadScore: 87, contactCompany }, { atMs: simulator.nowMs - 86_400_000 }))
    await run({ destination })
    assert.deepEqual(list(), ids)
    for (const id of ids) simulator.instance.updateLead(id, { title: 'Retired' })
    await run({ destination })
    assert.deepEqual(list(), [])
    const [listId] = [...simulator.instance.lists.keys()].map(String)
    const ofMarketo = new Set([...ids.map(String), listId])
    const fixed = /^(rest|asset|v1|identity|oauth|token|leads|leads\.json|lists\.json|\d+\.json|describe2\.json|staticLists\.json|folder|byName\.json|lists|grant_type|client_credentials|client_id|client|client_secret|secret|name|Group Lists|\{"id":\d+|"type":"Folder"\}|filterType|filterValues|fields|batchSize|300|id|email|ecids|updatedAt|input|(host|connection|user-agent|accept|content-type|content-length|authorization): .*)$/
    const left = new Set(proxy.passed.flatMap(valuesOf).filter((each) => !fixed.test(each) && !ofMarketo.has(each)))
    // The name of the list is what the project calls it.
    assert.deepEqual([...left].sort(), ['Chiefs', 'ada@acme.example'])
    assert.deepEqual([...new Set(proxy.passed.map(({ headers }) => headers['user-agent']))], ['cdpkit/test'])
    assert.ok(proxy.passed.length >= 8)
    await proxy.close()
  })

  it('a plan tells whom Marketo knows of those who would be put in, asked within the account\'s limits, and asks nobody without the secret', async () => {
    for (const email of ['ada@acme.example', 'bob@acme.example', 'twin@acme.example', 'twin@acme.example']) simulator.instance.addLead({ email })
    const { store, connection: { clock } } = pipeline
    await addParts(store, standardEntities['person'] ?? assert.fail(), 1, ['ada', 'bob', 'twin', 'stranger'].map((each) => ({ key: `${each}@crm.CRM`, fields: { email: `${each}@acme.example` } })))
    await updateProfiles({ store, entities: standardEntities, sourceRanks: [], limits: seedLimits, clock, log: silentLog })
    const folder = mkdtempSync(join(tmpdir(), 'cdp-match-'))
    const config = { ...marketoConfig(simulator), onDuplicate: 'error' }
    const project = aProject({
      folder, plugins: [resolve('packages/plugin-marketo/src/index.ts')], sandbox: { name: 'dev', protect: false, vars: {}, allow: ['loopback'] },
      segments: [aSegment('all', 'true', { activate: [anActivation('lists', { list: 'All' })] })], destinations: [aDestination('lists', config, { connector: 'marketo' })],
    })
    const plan = async (env: Readonly<Record<string, string>>): Promise<Plan> => {
      const matching = await compose({ env, folder, logFrom: 'error' }).openMatching(project)
      try {
        return await planChanges({ project, applied: anApplied(), store, clock, impact: 'exact', findMatching: matching.findMatching })
      } finally {
        await matching.close()
      }
    }
    const [asked, withoutSecret] = [await plan({ MARKETO_SECRET: 'secret' }), await plan({})]
    rmSync(folder, { recursive: true })
    const deliveries = ({ changes }: Plan): unknown => changes.flatMap((each) => each.impact?.deliveries ?? [])
    assert.deepEqual(deliveries(asked), [{ destination: 'lists', adds: 4, removes: 0, match: { asked: 4, one: 2, none: 1, several: 1, found: 2, isEstimate: false } }])
    assert.deepEqual([deliveries(withoutSecret), withoutSecret.warnings], [[{ destination: 'lists', adds: 4, removes: 0 }], []])
    assert.deepEqual([simulator.instance.lists.size, simulator.instance.leadsCreatedByClients], [0, 0])
  })
})
