import assert from 'node:assert/strict'
import type { JsonObject, OpenSource, ReadRequest } from '../../../core/src/plugins/sdk.js'
import { Connection } from '../../../../test/simulators/connection.js'
import { type DynamicsOptions, type DynamicsSimulator, startDynamics } from '../../../../test/simulators/dynamics/simulator.js'
import { failing } from '../../../../test/simulators/failing.js'
import { PartsReader } from '../../../../test/simulators/parts-reader.js'
import { dynamicsConnector } from './connector.js'

const minute = 60_000
const day = 86_400_000

describe('Dynamics 365 source', () => {
  let dynamics: DynamicsSimulator
  let connection: Connection

  const start = async (options: DynamicsOptions = {}): Promise<void> => {
    dynamics = await startDynamics(options)
    connection = new Connection(dynamics.http)
  }
  afterEach(async () => {
    await connection.close()
    await dynamics.close()
  })

  const open = (config: JsonObject = {}): OpenSource => connection.openSource(dynamicsConnector, { url: dynamics.url, loginUrl: dynamics.url, tenantId: 'tenant', clientId: 'client', clientSecret: 'secret', ...config })
  const read = (reader: PartsReader, stream: string, { stopAfter, more }: { readonly stopAfter?: number; readonly more?: Partial<ReadRequest> } = {}): Promise<PartsReader> => {
    const pack = dynamicsConnector.source?.streamsOf?.({})?.find((each) => each.name === stream)
    const fields = [...new Set([...Object.values(pack?.map ?? {}), pack?.deletedWhen ?? '', pack?.key ?? ''].flatMap((each) => each.match(/\w+/g) ?? []))]
    return reader.readFrom(open(), { stream, fields, ...more }, stopAfter)
  }
  const contacts = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => dynamics.add('contact', { lastname: `C${String(index)}` }))
  const names = (reader: PartsReader): readonly unknown[] => reader.names('lastname')

  it('logs in with a client secret, again when the token has ended, and tells why it cannot', async () => {
    await start()
    assert.deepEqual(await open().check(), { ok: true })
    const refused = await open({ clientSecret: 'wrong' }).check()
    assert.match(refused.ok ? '' : refused.reason, /invalid_client: AADSTS7000215/)
    contacts(2)
    dynamics.http.fail({ on: 'GET /contacts', do: () => { dynamics.expireTokens(); return undefined } })
    assert.equal((await read(new PartsReader('contactid'), 'contact')).records.size, 2)
  })

  it('says nothing of a token that came only in part', async () => {
    await start()
    dynamics.http.fail({ on: 'POST /tenant/oauth2/v2.0/token', do: { status: 200, body: '{"access_token":"half-of-a-tok' } })
    const { params, cause } = await failing(read(new PartsReader('contactid'), 'contact'), 'connector/unavailable')
    assert.deepEqual([params['reason'], cause], ['it answered 200 with something that is not JSON', undefined])
  })

  it('reads everything page by page, whatever page it was stopped after', async () => {
    await start({ pageRows: 3 })
    contacts(10)
    for (let stopAfter = 1; stopAfter < 9; stopAfter++) {
      const reader = await read(new PartsReader('contactid'), 'contact', { stopAfter })
      await read(reader, 'contact')
      assert.equal(reader.records.size, 10, String(stopAfter))
    }
  })

  it('gives lookups with their table, options with their label, amounts with their currency, and ids in lower case', async () => {
    await start()
    const euro = dynamics.add('transactioncurrency', { isocurrencycode: 'EUR', currencyname: 'Euro' })
    const account = dynamics.add('account', { name: 'Acme', industrycode: 7, revenue: 1000.5, transactioncurrencyid: `transactioncurrency:${euro}` })
    const deal = dynamics.add('opportunity', { name: 'Deal', customerid: `account:${account}`, estimatedvalue: 5, transactioncurrencyid: `transactioncurrency:${euro}`, statecode: 0 })
    const accounts = await read(new PartsReader('accountid'), 'account')
    assert.deepEqual([accounts.records.get(account)?.['industrycode'], accounts.records.get(account)?.['industrycode_name']], [7, 'Consulting'])
    const { customerid: _none, ...row } = (await read(new PartsReader('opportunityid'), 'opportunity')).records.get(deal) ?? {}
    assert.deepEqual([row['_customerid_value'], row['_customerid_value_type'], row['_transactioncurrencyid_value_code']], [account, 'account', 'EUR'])
  })

  it('then reads what changed: new, changed, deleted, merged; and nothing a moment later', async () => {
    await start()
    const [first = '', second = '', third = '', fourth = ''] = contacts(4)
    const reader = await read(new PartsReader('contactid'), 'contact')
    dynamics.update('contact', first, { lastname: 'Changed' })
    dynamics.remove('contact', second)
    dynamics.merge('contact', third, fourth)
    dynamics.add('contact', { lastname: 'New' })
    await read(reader, 'contact')
    assert.deepEqual([names(reader), reader.deleted, [...reader.merged]], [['C2', 'Changed', 'New'], [second], [[fourth, third]]])
    const { read: before } = reader
    await read(reader, 'contact')
    assert.equal(reader.read, before)
  })

  it('reads everything again, and says what that cannot find, when the changes are not kept any more', async () => {
    await start()
    contacts(3)
    const reader = await read(new PartsReader('contactid'), 'contact')
    dynamics.http.advance(8 * day)
    contacts(1)
    await read(reader, 'contact')
    assert.deepEqual([reader.records.size, connection.told.map((each) => each.slice(0, 71))], [4, ['warn: contact: the changes since the last read are not kept any more (T']])
  })

  it('reads tables that track no changes by when they were modified, with an overlap', async () => {
    await start({ pageRows: 2 })
    dynamics.setTracked('contact', false)
    contacts(5)
    for (let stopAfter = 1; stopAfter < 6; stopAfter++) {
      const stopped = await read(new PartsReader('contactid'), 'contact', { stopAfter })
      dynamics.expireNextLinks()
      assert.equal((await read(stopped, 'contact')).records.size, 5)
    }
    const reader = await read(new PartsReader('contactid'), 'contact')
    dynamics.http.advance(60 * minute)
    contacts(1)
    await read(reader, 'contact')
    assert.deepEqual([reader.records.size, reader.read], [6, 11], 'what was new a moment before the last read is read twice')
    dynamics.http.advance(60 * minute)
    await read(reader, 'contact')
    assert.equal(reader.read, 12)
  })

  it('reads everything again when the mapping names a column that was never read', async () => {
    await start()
    dynamics.addColumn('contact', { name: 'new_score', type: 'Integer' })
    const id = dynamics.add('contact', { lastname: 'Ada', new_score: 7 })
    const reader = await read(new PartsReader('contactid'), 'contact')
    assert.equal(reader.records.get(id)?.['new_score'], undefined)
    await read(reader, 'contact', { more: { config: { fields: ['new_score'] } } })
    assert.equal(reader.records.get(id)?.['new_score'], 7)
  })

  it('waits as long as 429 says, and stops for later when that is too long', async () => {
    await start()
    contacts(1)
    dynamics.http.fail({ on: 'GET /contacts', do: { status: 429, headers: { 'retry-after': '7' }, body: '{"error":{"code":"0x80072322","message":"Number of requests exceeded the limit of 6000."}}' } })
    await read(new PartsReader('contactid'), 'contact')
    assert.deepEqual(connection.waitedMs, [7000])
    dynamics.http.fail({ on: 'GET /contacts', do: { status: 429, headers: { 'retry-after': '290' }, body: '{"error":{"code":"0x80072321","message":"Combined execution time exceeded."}}' } })
    const error = await failing(read(new PartsReader('contactid'), 'contact'), 'connector/limited')
    assert.equal(error.params['retryAfterMs'], 290_000)
  })

  it('tells what is wrong with the table, and what is missing in the role', async () => {
    await start()
    await failing(read(new PartsReader('id'), 'nothing', { more: { fields: [] } }), 'connector/config')
    dynamics.http.fail({ on: 'GET /contacts', do: { status: 403, body: '{"error":{"code":"0x80040220","message":"SecLib::CheckPrivilege failed."}}' } })
    assert.match((await failing(read(new PartsReader('contactid'), 'contact'), 'connector/access')).help, /security role/)
  })
})
