import assert from 'node:assert/strict'
import type { Item, JsonObject, MemberRef, OpenDestination, OpenSource, ReadRequest } from '../../../core/src/plugins/sdk.js'
import { itemsOf } from '../../../core/src/testing/a-context.js'
import { Connection } from '../../../../test/simulators/connection.js'
import { failing } from '../../../../test/simulators/failing.js'
import { type HubspotOptions, type HubspotSimulator, startHubspot } from '../../../../test/simulators/hubspot/simulator.js'
import { PartsReader } from '../../../../test/simulators/parts-reader.js'
import { hubspotConnector } from './connector.js'

const minute = 60_000
const day = 86_400_000

describe('HubSpot', () => {
  let hubspot: HubspotSimulator
  let connection: Connection
  const start = async (options: HubspotOptions = {}): Promise<void> => {
    hubspot = await startHubspot(options)
    connection = new Connection(hubspot.http)
  }
  afterEach(async () => {
    await connection.close()
    await hubspot.close()
  })
  const configOf = (config: JsonObject): JsonObject => ({ url: hubspot.url, accessToken: 'token', ...config })
  const open = (config: JsonObject = {}): OpenSource => connection.openSource(hubspotConnector, configOf(config))
  const read = (reader: PartsReader, stream: string, { stopAfter, config, more }: { readonly stopAfter?: number; readonly config?: JsonObject; readonly more?: Partial<ReadRequest> } = {}): Promise<PartsReader> => {
    const pack = hubspotConnector.source?.streamsOf?.({})?.find((each) => each.name === stream)
    const fields = [...new Set(Object.values(pack?.map ?? {}).flatMap((each) => each.match(/\w+/g) ?? []))]
    return reader.readFrom(open(config), { stream, fields, ...more }, stopAfter)
  }
  const contacts = (count: number, atMs?: number): readonly string[] => Array.from({ length: count }, (_, index) => hubspot.add('contacts', { lastname: `C${String(index)}` }, atMs === undefined ? {} : { atMs }))
  const searches = (): number => hubspot.http.seen('POST /search').length

  describe('source', () => {
    it('tells whether the key is taken, and describes its streams', async () => {
      await start()
      assert.deepEqual(await open().check(), { ok: true })
      const refused = await open({ accessToken: 'wrong' }).check()
      assert.match(refused.ok ? '' : refused.reason, /INVALID_AUTHENTICATION/)
      assert.deepEqual((await open().discover()).map((each) => [each.name, each.entity]), [['companies', 'account'], ['contacts', 'person'], ['deals', 'opportunity'], ['deals-contacts', 'opportunity-person'], ['contacts-companies', 'account-person']])
    })

    it('reads a list at first, without search, whatever page it was stopped after; the paths of v3 give the same', async () => {
      await start()
      contacts(450)
      for (let stopAfter = 1; stopAfter < 8; stopAfter++) {
        const reader = await read(new PartsReader('id'), 'contacts', { stopAfter })
        await read(reader, 'contacts')
        assert.equal(reader.records.size, 450, String(stopAfter))
      }
      const before = searches()
      assert.equal((await read(new PartsReader('id'), 'contacts', { config: { apiVersion: 'v3' } })).records.size, 450)
      assert.equal(searches(), before)
      assert.ok(hubspot.http.requests.at(-1)?.path.startsWith('/crm/v3/objects/contacts'))
    })

    it('gives deals with their primary company', async () => {
      await start()
      const [first, second] = [hubspot.add('companies', { name: 'A' }), hubspot.add('companies', { name: 'B' })]
      const deal = hubspot.add('deals', { dealname: 'D', amount: '12.5', hs_is_closed: 'false' })
      hubspot.add('deals', { dealname: 'alone' })
      hubspot.associate('deals', deal, 'companies', first)
      hubspot.associate('deals', deal, 'companies', second)
      const reader = await read(new PartsReader('id'), 'deals')
      assert.deepEqual([...reader.records.values()].map((each) => [each['dealname'], each['amount'], each['companyId']]), [['D', '12.5', first], ['alone', undefined, undefined]])
    })

    it('then searches for what was modified, with an overlap, because search comes late', async () => {
      await start({ searchDelayMs: 2 * minute })
      const [id = ''] = contacts(3)
      const reader = await read(new PartsReader('id'), 'contacts')
      hubspot.http.advance(20 * minute)
      hubspot.update('contacts', id, { lastname: 'Changed' })
      hubspot.http.advance(minute)
      await read(reader, 'contacts')
      assert.equal(reader.records.get(id)?.['lastname'], 'C0', 'search does not know it yet')
      hubspot.http.advance(3 * minute)
      await read(reader, 'contacts')
      assert.equal(reader.records.get(id)?.['lastname'], 'Changed')
    })

    it('never pages past 10,000 results: it goes on from the last time, and by ids where that many have one time', async () => {
      await start()
      const reader = await read(new PartsReader('id'), 'contacts')
      hubspot.http.advance(30 * minute)
      contacts(10_300, hubspot.http.nowMs - 5 * minute)
      contacts(150, hubspot.http.nowMs - 4 * minute)
      await read(reader, 'contacts')
      assert.equal(reader.records.size, 10_450)
      assert.deepEqual(hubspot.http.seen('POST /search').filter((each) => Number((JSON.parse(each.body) as { after?: string }).after ?? 0) >= 10_000), [])
    }).timeout(30_000)

    it('tells who is archived, who was merged, and once a week who is gone without a trace', async () => {
      await start()
      const [archived = '', winner = '', loser = '', forgotten = '', stays = ''] = contacts(5)
      const reader = await read(new PartsReader('id'), 'contacts')
      hubspot.http.advance(25 * 60 * minute)
      hubspot.archive('contacts', archived)
      hubspot.merge('contacts', winner, loser)
      hubspot.forget('contacts', forgotten)
      await read(reader, 'contacts')
      assert.deepEqual([[...reader.records.keys()].sort(), [...reader.merged], reader.deleted], [[winner, forgotten, stays].sort(), [[loser, winner]], [archived]])
      hubspot.http.advance(7 * day)
      const whole = new PartsReader('id')
      whole.checkpoint = reader.checkpoint
      await read(whole, 'contacts')
      assert.deepEqual([[...whole.records.keys()].sort(), whole.wholes], [[winner, stays].sort(), 1])
    })

    it('reads ties whole once a day, and those of changed objects between', async () => {
      await start()
      const [company, contact] = [hubspot.add('companies', { name: 'A' }), hubspot.add('contacts', { email: 'a@x' })]
      hubspot.associate('contacts', contact, 'companies', company, 'Buyer')
      const reader = await read(new PartsReader('id'), 'contacts-companies')
      assert.deepEqual([...reader.records.values()], [{ id: `${contact}-${company}`, fromId: contact, toId: company, labels: ['Buyer'], isPrimary: true }])
      hubspot.http.advance(30 * minute)
      await read(reader, 'contacts-companies')
      hubspot.http.advance(30 * minute)
      const other = hubspot.add('companies', { name: 'B' })
      hubspot.associate('contacts', contact, 'companies', other)
      await read(reader, 'contacts-companies')
      assert.equal(reader.records.size, 1, 'the contact itself did not change')
      hubspot.update('contacts', contact, { city: 'Oslo' })
      hubspot.http.advance(minute)
      await read(reader, 'contacts-companies')
      assert.equal(reader.records.size, 2)
      hubspot.separate('contacts', contact, 'companies', other)
      hubspot.http.advance(25 * 60 * minute)
      const whole = new PartsReader('id')
      whole.checkpoint = reader.checkpoint
      await read(whole, 'contacts-companies')
      assert.deepEqual([whole.records.size, whole.wholes], [1, 1])
    })

    it('waits at 429 for as long as it says, and not at all when the calls of the day are used up', async () => {
      await start()
      contacts(1)
      hubspot.http.fail({ on: 'GET /contacts', do: { status: 429, headers: { 'retry-after': '3' }, body: '{"status":"error","errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"}' } })
      assert.equal((await read(new PartsReader('id'), 'contacts')).records.size, 1)
      assert.deepEqual(connection.waitedMs, [3000])
      hubspot.http.fail({ on: 'GET /contacts', times: 'always', do: { status: 429, body: '{"status":"error","errorType":"RATE_LIMIT","policyName":"DAILY"}' } })
      const before = hubspot.http.requests.length
      await failing(read(new PartsReader('id'), 'contacts'), 'connector/limited')
      assert.equal(hubspot.http.requests.length - before, 1)
    })

    it('tells what is missing, and reads again what passes', async () => {
      await start()
      contacts(1)
      await failing(read(new PartsReader('id'), 'nothing'), 'connector/config')
      hubspot.http.fail({ on: 'GET /objects', do: { status: 403, body: '{"status":"error","category":"MISSING_SCOPES","message":"This app has no access."}' } })
      assert.match((await failing(read(new PartsReader('id'), 'contacts'), 'connector/access')).message, /MISSING_SCOPES/)
      for (const status of [423, 477, 502]) hubspot.http.fail({ on: 'GET /objects', do: { status, body: '<html>' } })
      assert.equal((await read(new PartsReader('id'), 'contacts')).records.size, 1)
    })
  })

  describe('destination', () => {
    const openList = (config: JsonObject = {}): OpenDestination => connection.openDestination(hubspotConnector, configOf(config))
    const item = (key: string, sourceKeys: readonly string[], email?: string): Item => ({ key, identities: email === undefined ? {} : { email }, sourceKeys, payload: {} })

    it('puts contacts on a static list that it finds or makes, and takes them off; a repeat changes nothing; nobody is created', async () => {
      await start()
      const destination = openList({ instance: 'hub' })
      const [own, mailed] = [hubspot.add('contacts', { email: 'A@x.example' }), hubspot.add('contacts', { email: 'B@x.example' })]
      const made = await destination.ensureAudience?.({ segment: 'hot', list: 'Hot' })
      assert.deepEqual([made?.created, await destination.ensureAudience?.({ segment: 'hot', list: 'Hot' })], [true, { remoteId: made?.remoteId, created: false }])
      const audience = { segment: 'hot', list: 'Hot', remoteId: made?.remoteId ?? '' }
      const items = [item('1', [`${own}@hub.HubSpot`]), item('2', ['7@web.Web'], 'b@x.example'), item('3', ['7@web.Web'], 'nobody@x.example'), item('4', ['99999@hub.HubSpot'])]
      for (let times = 0; times < 2; times++) {
        assert.deepEqual(itemsOf(await destination.upsert({ id: 'd', at: connection.clock.now(), audience, items })).map((each) => [each.status, each.code]), [['ok', undefined], ['ok', undefined], ['unmatched', 'hubspot/not-found'], ['unmatched', 'hubspot/not-found']])
      }
      const all: MemberRef[] = []
      for await (const page of destination.members?.(audience) ?? []) all.push(...page)
      assert.deepEqual(all, [{ identities: { email: 'a@x.example' }, sourceKey: `${own}@hub.HubSpot` }, { identities: { email: 'b@x.example' }, sourceKey: `${mailed}@hub.HubSpot` }])
      assert.deepEqual((await destination.match?.(items))?.map((each) => each.match), ['one', 'one', 'none', 'none'])
      assert.deepEqual(itemsOf(await destination.remove({ id: 'e', at: connection.clock.now(), audience, items })).map((each) => each.status), ['ok', 'ok', 'noop', 'ok'])
      assert.equal(hubspot.lists.get(audience.remoteId)?.members.size, 0)
    })
  })
})
