import assert from 'node:assert/strict'
import { MarketoSimulator } from './simulator.js'

describe('the judge of Marketo traffic', () => {
  const send = async ({ url }: MarketoSimulator, method: string, path: string, body?: string): Promise<void> => {
    const { access_token: token } = (await (await fetch(`${url}/identity/oauth/token?grant_type=client_credentials&client_id=client&client_secret=secret`)).json()) as { readonly access_token: string }
    await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { body }) })
  }
  const ask = async (method: string, path: string, body?: string): Promise<string> => {
    const simulator = await new MarketoSimulator().start()
    await send(simulator, method, path, body)
    return simulator.close().then(() => '', (error: unknown) => (error as Error).message.split('\n').slice(1).join('\n'))
  }

  it('lets pass what is as Adobe describes it', async () => {
    assert.equal(await ask('GET', '/rest/v1/leads.json?filterType=email&filterValues=a@b.example,c@d.example&batchSize=300'), '')
    assert.equal(await ask('POST', '/rest/v1/leads.json?_method=GET', 'filterType=email&filterValues=a@b.example'), '')
  })

  it('fails whoever closes the simulator after a request that is not, with the place', async () => {
    assert.equal(await ask('GET', '/rest/v1/leads.json?filter=email'), [
      'GET /rest/v1/leads.json asked: the operation has no parameter filter', 'GET /rest/v1/leads.json asked: parameter filterType is missing', 'GET /rest/v1/leads.json asked: parameter filterValues is missing',
    ].join('\n'))
    assert.equal(await ask('GET', '/rest/v1/programs/x/members.json?filterType=leadId&filterValues=1&batchSize=many'), 'GET /rest/v1/programs/x/members.json asked: parameter batchSize=many is not of type integer')
    assert.equal(await ask('GET', '/rest/v1/lead.json'), 'GET /rest/v1/lead.json asked: the description has no such operation')
    assert.equal(await ask('POST', '/bulk/v1/leads/export/create.json', '{"filter":{"createdAt":{"startAt":5}}}'), [
      'POST /bulk/v1/leads/export/create.json asked: it must have required property \'fields\' {"missingProperty":"fields"}', 'POST /bulk/v1/leads/export/create.json asked: /filter/createdAt/startAt must be string {"type":"string"}',
    ].join('\n'))
  })

  it('and after an answer that is not', async () => {
    const simulator = await new MarketoSimulator().start()
    const lists = simulator.instance.lists as Map<number, object>
    lists.set(1, { id: 'one', name: 'x', createdMs: 0 })
    await send(simulator, 'GET', '/rest/v1/lists.json')
    await assert.rejects(simulator.close(), { message: "not as Adobe's OpenAPI files describe it:\nGET /rest/v1/lists.json answered: /result/0/id must be integer {\"type\":\"integer\"}" })
  })
})
