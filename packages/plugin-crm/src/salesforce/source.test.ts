import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { JsonObject, OpenSource, ReadRequest } from '../../../core/src/plugins/sdk.js'
import { Connection } from '../../../../test/simulators/connection.js'
import { failing } from '../../../../test/simulators/failing.js'
import { PartsReader as Reader } from '../../../../test/simulators/parts-reader.js'
import { type SalesforceOptions, type SalesforceSimulator, startSalesforce } from '../../../../test/simulators/salesforce/simulator.js'
import { loadDeveloperEdition } from '../../../../test/simulators/salesforce/developer-edition.js'
import { customObject } from '../../../../test/simulators/salesforce/objects.js'
import { salesforceConnector } from './connector.js'

const minute = 60_000
const day = 86_400_000

describe('Salesforce source', () => {
  let salesforce: SalesforceSimulator
  let connection: Connection

  const start = async (options: SalesforceOptions = {}): Promise<void> => {
    salesforce = await startSalesforce(options)
    connection = new Connection(salesforce.http)
  }
  afterEach(async () => {
    await connection.close()
    await salesforce.close()
  })

  const open = (config: JsonObject = {}): OpenSource => connection.openSource(salesforceConnector, { loginUrl: salesforce.url, clientId: 'client', clientSecret: 'secret', ...config })
  const read = (reader: Reader, stream: string, { stopAfter, config, more }: { readonly stopAfter?: number; readonly config?: JsonObject; readonly more?: Partial<ReadRequest> } = {}): Promise<Reader> => {
    const pack = salesforceConnector.source?.streamsOf?.({})?.find((each) => each.name === stream)
    const fields = [...new Set(['Id', ...Object.values(pack?.map ?? {}).flatMap((each) => each.match(/\b[A-Z]\w+/g) ?? [])])]
    return reader.readFrom(open(config), { stream, fields, ...more }, stopAfter)
  }
  const contacts = (count: number, stamp?: string): readonly string[] => Array.from({ length: count }, (_, index) => salesforce.organization.add('Contact', { LastName: `C${String(index).padStart(3, '0')}` }, stamp === undefined ? {} : { stamp }))
  const queries = (): readonly string[] => salesforce.http.seen('GET /queryAll').map((each) => each.query.get('q') ?? 'next page')

  describe('logs in', () => {
    it('with a signed assertion, and with a client secret', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      await start({ publicKey })
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      const jwt = connection.openSource(salesforceConnector, { loginUrl: salesforce.url, clientId: 'client', username: 'cdp@acme.example', privateKey: pem })
      assert.deepEqual(await jwt.check(), { ok: true })
      assert.deepEqual(await open().check(), { ok: true })
    })

    it('and tells why it cannot', async () => {
      await start()
      const refused = await open({ clientSecret: 'wrong' }).check()
      assert.deepEqual(refused.ok ? '' : [refused.reason.includes('invalid client credentials'), refused.hint], [true, 'Check clientSecret: the consumer secret of the app.'])
      const bad = await open({ clientSecret: '', privateKey: 'no key', username: 'x' }).check()
      assert.match(bad.ok ? '' : bad.reason, /private key cannot be used/)
    })

    it('and says nothing of a token that came only in part', async () => {
      await start()
      salesforce.http.fail({ on: 'POST /services/oauth2/token', do: { status: 200, body: '{"access_token":"half-of-a-tok' } })
      const { params, cause } = await failing(read(new Reader('Id'), 'Contact'), 'connector/unavailable')
      assert.deepEqual([params['reason'], cause], ['it answered 200 with something that is not JSON', undefined])
    })

    it('again, once, when the session has ended; another refusal of the session is told, not tried for ever', async () => {
      await start()
      contacts(3)
      salesforce.http.fail({ on: 'GET /queryAll', do: () => { salesforce.expireSessions(); return undefined } })
      assert.equal((await read(new Reader('Id'), 'Contact')).records.size, 3)
      assert.equal(salesforce.http.seen('POST /services/oauth2/token').length, 2)
      salesforce.http.fail({ on: 'GET /queryAll', times: 'always', do: { status: 401, body: '[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]' } })
      await failing(read(new Reader('Id'), 'Contact'), 'connector/access')
      assert.equal(salesforce.http.seen('POST /services/oauth2/token').length, 3)
    })
  })

  describe('reads everything at first', () => {
    it('as pages of a query, the developer edition with its links', async () => {
      await start()
      const { accounts } = loadDeveloperEdition(salesforce.organization)
      const reader = await read(new Reader('Id'), 'Contact')
      assert.equal(reader.records.size, 20)
      const rogers = [...reader.records.values()].find((each) => each['LastName'] === 'Rogers')
      assert.deepEqual([rogers?.['Email'], rogers?.['AccountId'], rogers?.['HasOptedOutOfEmail']], ['jrogers@burlington.com', accounts.get('Burlington Textiles Corp of America'), false])
      assert.deepEqual(connection.told, [])
    })

    it('whatever page it was stopped after, and loses nothing', async () => {
      await start({ queryRows: 7 })
      contacts(40, '2026-11-01T08:00:00.000Z')
      for (let stopAfter = 1; stopAfter < 14; stopAfter++) {
        const reader = await read(new Reader('Id'), 'Contact', { stopAfter })
        // What came after the last checkpoint is lost with the kill.
        const kept = new Reader('Id')
        kept.checkpoint = reader.checkpoint
        for (const [id, record] of reader.records) kept.records.set(id, record)
        await read(kept, 'Contact')
        assert.equal(kept.records.size, 40, String(stopAfter))
      }
    })

    it('as a bulk job when there are many rows, unordered and page by page; the records are the same as those of a query', async () => {
      await start({ bulkRows: 9 })
      contacts(30)
      salesforce.organization.add('Contact', { LastName: 'O"Neil, "Jr"', Title: 'line 1\nline 2', Email: 'zoë@acme.example', Department: 'N/A' })
      const byJob = await read(new Reader('Id'), 'Contact', { config: { bulkAbove: 10 } })
      const byQuery = await read(new Reader('Id'), 'Contact')
      assert.deepEqual(new Map([...byJob.records].sort()), byQuery.records)
      for (const [id, record] of byJob.records) assert.equal(JSON.stringify(record), JSON.stringify(byQuery.records.get(id)))
      assert.deepEqual([salesforce.http.seen('GET /results').length, salesforce.jobs.size], [4, 0])
    })

    it('going on with the same job after a kill, and with a new one when the job is gone', async () => {
      await start({ bulkRows: 10 })
      contacts(35)
      const reader = await read(new Reader('Id'), 'Contact', { stopAfter: 6, config: { bulkAbove: 10 } })
      await read(reader, 'Contact', { config: { bulkAbove: 10 } })
      assert.deepEqual([reader.records.size, salesforce.http.seen('POST /jobs/query').length], [35, 1])
      const other = await read(new Reader('Id'), 'Contact', { stopAfter: 6, config: { bulkAbove: 10 } })
      salesforce.jobs.clear()
      await read(other, 'Contact', { config: { bulkAbove: 10 } })
      assert.deepEqual([other.records.size, salesforce.http.seen('POST /jobs/query').length], [35, 3])
    })

    it('and reads a page of results again that broke off', async () => {
      await start({ bulkRows: 1000 })
      contacts(2500)
      salesforce.http.fail({ on: 'GET /results', after: 1, times: 2, do: 'half' })
      assert.equal((await read(new Reader('Id'), 'Contact')).records.size, 2500)
    })

    it('and fails for this time when the job Failed or was Aborted; the next read makes another job', async () => {
      await start()
      contacts(30)
      for (const [state, errorMessage, reason] of [['Failed', 'InternalServerError', /InternalServerError/], ['Aborted', '', /aborted/]] as const) {
        salesforce.endJob({ state, errorMessage })
        const reader = new Reader('Id')
        assert.match((await failing(read(reader, 'Contact', { config: { bulkAbove: 10 } }), 'connector/unavailable')).message, reason)
        assert.equal((await read(reader, 'Contact', { config: { bulkAbove: 10 } })).records.size, 30)
      }
    })

    it('in halves of its time when the job was too large or took too long, and all of it', async () => {
      await start()
      contacts(20, '2026-10-01T08:00:00.000Z')
      contacts(20)
      for (const errorMessage of ['OPERATION_TOO_LARGE: exceeded 20000 distinct ids', 'InternalServerError: Retried more than fifteen times']) salesforce.endJob({ state: 'Failed', errorMessage })
      const reader = await read(new Reader('Id'), 'Contact', { config: { bulkAbove: 10 } })
      // Everything, its first half, the two halves of that, the second half.
      assert.deepEqual([reader.records.size, reader.read, reader.wholes, salesforce.http.seen('POST /jobs/query').length], [40, 40, 1, 5])
    })

    it('in halves, with whoever changed meanwhile and so left both of them', async () => {
      await start()
      contacts(20, '2026-10-01T08:00:00.000Z')
      const [last = ''] = contacts(1)
      salesforce.endJob({ state: 'Failed', errorMessage: 'OPERATION_TOO_LARGE' })
      salesforce.http.fail({ on: 'POST /jobs/query', after: 1, do: () => { salesforce.http.advance(2000); salesforce.organization.update(last, { Title: 'CEO' }); return undefined } })
      const whole = new Set<unknown>()
      for await (const part of open({ bulkAbove: 10 }).read({ stream: 'Contact', config: {}, fields: ['Id'] })) {
        if ('records' in part) for (const each of part.records) if (each.op === 'upsert') whole.add(each.record['Id'])
        if ('everything' in part && part.everything === 'ends') break
      }
      assert.equal(whole.size, 21)
    })

    it('by queries where the Bulk API does not know the object', async () => {
      await start({ queryRows: 10 })
      salesforce.organization.addObject({ ...customObject('Deal__c', 'a01', 'Name:string'), noBulk: true })
      for (let index = 0; index < 30; index++) salesforce.organization.add('Deal__c', { Name: `D${String(index)}` })
      const reader = await read(new Reader('Id'), 'Deal__c', { config: { bulkAbove: 5 }, more: { fields: ['Id', 'Name'] } })
      assert.deepEqual([reader.records.size, salesforce.http.seen('POST /jobs/query').length], [30, 1])
    })

    it('by a job when the statement is too long for an address', async () => {
      await start()
      const names = Array.from({ length: 300 }, (_, index) => `A_field_with_a_very_long_name_${String(index).padStart(5, '0')}__c`)
      salesforce.organization.add('Contact', { LastName: 'Wide', ...Object.fromEntries(names.map((each) => [each, 'x'] as const)) })
      const reader = await read(new Reader('Id'), 'Contact', { more: { fields: ['Id', ...names] } })
      assert.deepEqual([...reader.records.values()].map((each) => Object.keys(each).length), [302])
      assert.equal(salesforce.http.seen('POST /jobs/query').length, 1)
    })

    it('since the day that the project names', async () => {
      await start()
      contacts(2, '2024-05-01T00:00:00.000Z')
      salesforce.organization.add('Contact', { LastName: 'New' }, { stamp: '2026-11-01T00:00:00.000Z' })
      assert.deepEqual((await read(new Reader('Id'), 'Contact', { more: { since: '2026-01-01T00:00:00.000Z' as never } })).names(), ['New'])
    })
  })

  describe('then reads what changed', () => {
    it('and nothing at all a moment later', async () => {
      await start()
      contacts(3)
      const reader = await read(new Reader('Id'), 'Contact')
      await read(reader, 'Contact')
      assert.equal(reader.read, 3)
    })

    it('with an overlap, so that rows committed late are found', async () => {
      await start()
      contacts(2)
      const reader = await read(new Reader('Id'), 'Contact')
      salesforce.http.advance(5 * minute)
      const [nowMs] = [salesforce.http.nowMs]
      salesforce.organization.add('Contact', { LastName: 'Late' }, { stamp: new Date(nowMs - 2 * minute).toISOString(), visibleAt: new Date(nowMs + minute).toISOString() })
      await read(reader, 'Contact')
      assert.deepEqual(reader.names(), ['C000', 'C001'])
      salesforce.http.advance(5 * minute)
      await read(reader, 'Contact')
      assert.deepEqual(reader.names(), ['C000', 'C001', 'Late'])
    })

    it('in the order of stamp and id, though many rows have one stamp, wherever it was stopped', async () => {
      await start({ queryRows: 6 })
      const reader = await read(new Reader('Id'), 'Contact')
      salesforce.http.advance(30 * minute)
      contacts(25, new Date(salesforce.http.nowMs - 5 * minute).toISOString())
      for (let stopAfter = 1; stopAfter < 9; stopAfter++) {
        const kept = new Reader('Id')
        kept.checkpoint = reader.checkpoint
        await read(kept, 'Contact', { stopAfter })
        await read(kept, 'Contact')
        assert.equal(kept.records.size, 25, String(stopAfter))
      }
    })

    it('as a job when much changed', async () => {
      await start({ bulkRows: 20 })
      const reader = await read(new Reader('Id'), 'Contact')
      salesforce.http.advance(30 * minute)
      contacts(50, new Date(salesforce.http.nowMs - 5 * minute).toISOString())
      await read(reader, 'Contact', { config: { bulkAbove: 30 } })
      assert.deepEqual([reader.records.size, salesforce.http.seen('GET /results').length], [50, 3])
    })

    it('and who was deleted: in the recycle bin, out of it, and undeleted', async () => {
      await start()
      const [first = '', second = '', third = ''] = contacts(4)
      const reader = await read(new Reader('Id'), 'Contact')
      salesforce.http.advance(10 * minute)
      salesforce.organization.remove(first)
      salesforce.organization.hardDelete(second)
      salesforce.organization.remove(third)
      salesforce.organization.undelete(third)
      salesforce.http.advance(10 * minute)
      await read(reader, 'Contact')
      assert.deepEqual([reader.names(), reader.deleted.includes(first), reader.deleted.includes(second)], [['C002', 'C003'], true, true])
    })

    it('and into whom somebody was merged', async () => {
      await start()
      const [winner = '', loser = ''] = contacts(2)
      const reader = await read(new Reader('Id'), 'Contact')
      salesforce.http.advance(10 * minute)
      salesforce.organization.merge(winner, loser)
      salesforce.http.advance(10 * minute)
      await read(reader, 'Contact')
      assert.deepEqual([reader.names(), [...reader.merged]], [['C000'], [[loser, winner]]])
    })

    it('and says so when it was away longer than Salesforce remembers deletions', async () => {
      await start()
      contacts(1)
      const reader = await read(new Reader('Id'), 'Contact')
      salesforce.http.advance(30 * day)
      await read(reader, 'Contact')
      assert.deepEqual(connection.told, ['warn: Contact was last asked for deleted records more than 15 days ago, and Salesforce remembers no longer: what left the recycle bin before that stays until a run with --full-refresh'])
    })

    it('and everything again when the mapping names a field that was never read', async () => {
      await start()
      salesforce.organization.add('Contact', { LastName: 'Ada', Score__c: 7 })
      const reader = await read(new Reader('Id'), 'Contact')
      assert.equal([...reader.records.values()][0]?.['Score__c'], undefined)
      await read(reader, 'Contact', { more: { config: { fields: ['Score__c'] } } })
      assert.equal([...reader.records.values()][0]?.['Score__c'], 7)
    })

    it('and a lead that was converted while the first read went on', async () => {
      await start({ queryRows: 2 })
      const leads = Array.from({ length: 6 }, (_, index) => salesforce.organization.add('Lead', { LastName: `L${String(index)}`, Company: 'Acme' }))
      salesforce.http.fail({ on: 'GET /query/', do: () => {
        salesforce.http.advance(20 * minute)
        salesforce.organization.convert(leads[0] ?? '')
        salesforce.http.advance(minute)
        return undefined
      } })
      const reader = await read(new Reader('Id'), 'Lead')
      assert.deepEqual([reader.records.get(leads[0] ?? '')?.['IsConverted'], typeof reader.records.get(leads[0] ?? '')?.['ConvertedContactId']], [true, 'string'])
    })
  })

  describe('mends or tells what goes wrong', () => {
    it('QUERY_TIMEOUT: the window is cut until it is small enough, and all of it is read', async () => {
      await start()
      const reader = await read(new Reader('Id'), 'Contact')
      for (let hour = 0; hour < 8; hour++) {
        salesforce.http.advance(60 * minute)
        contacts(2)
      }
      salesforce.http.advance(2 * minute)
      const isWide = (text: string): boolean => {
        const [, from = '', to = ''] = /SystemModstamp >= (\S+) AND SystemModstamp <= (\S+)/.exec(text) ?? []
        return Date.parse(to) - Date.parse(from) > 130 * minute
      }
      salesforce.http.fail({ on: 'GET /queryAll', times: 'always', and: ({ query }) => isWide(query.get('q') ?? ''), do: { status: 400, body: '[{"message":"Your query request was running for too long.","errorCode":"QUERY_TIMEOUT"}]' } })
      await read(reader, 'Contact')
      assert.equal(reader.records.size, 16)
    })

    it('INVALID_QUERY_LOCATOR: asks again from the last row', async () => {
      await start({ queryRows: 5 })
      contacts(20)
      salesforce.http.fail({ on: 'GET /query/', after: 1, do: () => { salesforce.expireLocators(); return undefined } })
      const reader = await read(new Reader('Id'), 'Contact')
      assert.deepEqual([reader.records.size, reader.read], [20, 20])
      assert.equal(queries().filter((each) => each.includes('Id >')).length, 1)
    })

    it('INVALID_FIELD: a field that went between describe and query is read as nothing, and told', async () => {
      await start()
      salesforce.organization.add('Contact', { LastName: 'Ada', Score__c: 7 })
      salesforce.http.fail({ on: 'GET /queryAll', after: 1, do: () => { salesforce.organization.hideField('Contact', 'Score__c'); return undefined } })
      const reader = await read(new Reader('Id'), 'Contact', { more: { fields: ['Id', 'LastName', 'Score__c'] } })
      assert.deepEqual([...reader.records.values()].map((each) => [each['LastName'], each['Score__c']]), [['Ada', undefined]])
      assert.equal(salesforce.http.seen('GET /describe').length, 2)
    })

    it('MALFORMED_QUERY and unknown objects: the configuration is to blame, with what to check', async () => {
      await start()
      await failing(read(new Reader('Id'), 'Nothing__c'), 'connector/config')
      salesforce.http.fail({ on: 'GET /queryAll', after: 1, do: { status: 400, body: '[{"message":"unexpected token","errorCode":"MALFORMED_QUERY"}]' } })
      contacts(1)
      assert.match((await failing(read(new Reader('Id'), 'Contact'), 'connector/config')).help, /field-level security/)
    })

    it('REQUEST_LIMIT_EXCEEDED: stops, for later, and goes on from there', async () => {
      await start({ queryRows: 2 })
      contacts(6)
      salesforce.http.fail({ on: 'GET /query/', after: 1, do: { status: 403, body: '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]' } })
      const reader = new Reader('Id')
      assert.match((await failing(read(reader, 'Contact'), 'connector/limited')).message, /REQUEST_LIMIT_EXCEEDED/)
      await read(reader, 'Contact')
      assert.deepEqual([reader.records.size, reader.read], [6, 6])
    })

    it('keeps the reserve of the organization, and its own share of a run', async () => {
      await start({ dailyCalls: 100, queryRows: 1 })
      contacts(60)
      assert.match((await failing(read(new Reader('Id'), 'Contact'), 'connector/limited')).message, /This run has made 25 .*stops at 25 %/)
      salesforce.calls = 80
      assert.match((await failing(read(new Reader('Id'), 'Contact'), 'connector/limited')).message, /8\d of the organization's 100 API calls .*stop at 80 %/)
    })

    it('reads again what an edge node or a proxy answered: empty 406 and 420, HTML 503, 429', async () => {
      await start()
      contacts(3)
      for (const status of [406, 420, 503]) salesforce.http.fail({ on: 'GET /queryAll', do: { status, body: status === 503 ? '<html>' : '' } })
      assert.equal((await read(new Reader('Id'), 'Contact')).records.size, 3)
      salesforce.http.fail({ on: 'GET /queryAll', do: { status: 429, headers: { 'retry-after': '5' } } })
      assert.equal((await read(new Reader('Id'), 'Contact')).records.size, 3)
      salesforce.http.fail({ on: 'GET /queryAll', after: 1, do: { status: 200, body: '<html>maintenance</html>' } })
      assert.match((await failing(read(new Reader('Id'), 'Contact'), 'connector/unavailable')).message, /not JSON: <html>maintenance/)
    })

    it('formula fields: told and not read, unless asked for', async () => {
      await start()
      salesforce.organization.addField('Contact', 'Age__c:formula')
      salesforce.organization.add('Contact', { LastName: 'Ada', Age__c: 36 })
      const fields = ['Id', 'LastName', 'Age__c']
      assert.equal([...(await read(new Reader('Id'), 'Contact', { more: { fields } })).records.values()][0]?.['Age__c'], undefined)
      assert.equal([...(await read(new Reader('Id'), 'Contact', { more: { fields, config: { formulaFields: 'read' } } })).records.values()][0]?.['Age__c'], 36)
      assert.deepEqual(connection.told.map((each) => each.includes('Age__c are formula fields')), [true, true])
    })

    it('retired versions of the API', async () => {
      await start()
      await failing(read(new Reader('Id'), 'Contact', { config: { apiVersion: 'v30.0' } }), 'connector/config')
    })
  })

  it('describes its streams and the custom objects', async () => {
    await start()
    salesforce.organization.addObject(customObject('Deal__c', 'a01', 'Name:string Size__c:double'))
    const streams = await open().discover()
    assert.deepEqual(streams.map((each) => [each.name, each.entity]), [
      ['Account', 'account'], ['Contact', 'person'], ['Lead', 'person'], ['Opportunity', 'opportunity'], ['OpportunityContactRole', 'opportunity-person'], ['AccountContactRelation', 'account-person'], ['Campaign', 'campaign'], ['CampaignMember', 'campaign-member'], ['Deal__c', undefined],
    ])
    assert.deepEqual((streams.at(-1)?.schema as { properties: unknown }).properties, {
      Id: { type: 'string' }, IsDeleted: { type: 'boolean' }, CreatedDate: { type: 'string' }, LastModifiedDate: { type: 'string' }, SystemModstamp: { type: 'string' }, Name: { type: 'string' }, Size__c: { type: 'number' },
    })
  })
})
