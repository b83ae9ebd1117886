import assert from 'node:assert/strict'
import { connect } from '../../../test/simulators/marketo/connect.js'
import { type MarketoOptions, MarketoSimulator } from '../../../test/simulators/marketo/simulator.js'
import { isCdpError } from '../../core/src/kernel/error.js'
import type { Audience, DeliveryRequest, Item, JsonObject } from '../../core/src/plugins/sdk.js'
import { itemsOf } from '../../core/src/testing/a-context.js'

const ecid = '12345678901234567890123456789012345678'

describe('marketo destination', () => {
  let simulator: MarketoSimulator
  let opened: ReturnType<typeof connect>
  let audience: Audience = { segment: 'hot', list: 'Hot leads' }
  const start = async (options: MarketoOptions = {}, config: JsonObject = {}): Promise<void> => {
    simulator = await new MarketoSimulator(options).start()
    opened = connect(simulator, { config })
    audience = { segment: 'hot', list: 'Hot leads', remoteId: String(simulator.instance.addList('Hot leads')) }
  }
  afterEach(async () => {
    const created = simulator.instance.leadsCreatedByClients
    await opened.close()
    await simulator.close()
    if (!createsPeople) assert.equal(created, 0, 'nobody is ever created')
    createsPeople = false
  })
  let createsPeople = false

  const item = (key: string, email?: string, more: Partial<Item> = {}): Item => ({ key, identities: email === undefined ? {} : { email }, sourceKeys: [], payload: {}, ...more })
  const send = async (operation: 'upsert' | 'remove', ...items: readonly Item[]): Promise<readonly unknown[]> => {
    const request: DeliveryRequest = { id: 'd', at: opened.clock.now(), audience, items }
    return itemsOf(await opened.destination[operation](request)).map((each) => [each.key, each.status, each.code].filter((part) => part !== undefined))
  }
  const members = (): readonly number[] => [...(simulator.instance.lists.get(Number(audience.remoteId))?.members.keys() ?? [])].sort()

  it('puts in whom Marketo knows, by e-mail in any case, and tells whom it does not', async () => {
    await start()
    const ada = simulator.instance.addLead({ email: 'Ada@Acme.example' })
    assert.deepEqual(await send('upsert', item('a', 'ada@acme.example'), item('b', 'nobody@acme.example'), item('c'), item('d', 'zoë@acme.example'), item('e', 'a,b@acme.example')), [
      ['a', 'ok'], ['b', 'unmatched', 'marketo/no-match'], ['c', 'unmatched', 'marketo/no-match'], ['d', 'unmatched', 'marketo/no-match'], ['e', 'unmatched', 'marketo/no-match'],
    ])
    assert.deepEqual(members(), [ada])
    assert.deepEqual(await send('upsert', item('a', 'ada@acme.example')), [['a', 'noop']])
  })

  it('takes out whom it put in; who is not in, or not in Marketo, is out already', async () => {
    await start()
    const ada = simulator.instance.addLead({ email: 'ada@acme.example' })
    simulator.instance.addLead({ email: 'bob@acme.example' })
    simulator.instance.addToList(Number(audience.remoteId), ada)
    assert.deepEqual(await send('remove', item('a', 'ada@acme.example'), item('b', 'bob@acme.example'), item('c', 'nobody@acme.example')), [['a', 'ok'], ['b', 'noop'], ['c', 'noop']])
    assert.deepEqual(members(), [])
  })

  it('finds by ECID those whom the source has seen, and only if Marketo agrees', async () => {
    await start()
    const ada = simulator.instance.addLead({ email: 'other@acme.example', ecids: ecid })
    const bob = simulator.instance.addLead({ email: 'bob@acme.example', ecids: '9'.repeat(38) })
    const seen = (id: number): Partial<Item> => ({ identities: { email: 'new@acme.example', ecid }, sourceKeys: ['003A@crm.Salesforce', `${String(id)}@123-ABC-456.Marketo`, `${String(id)}@999-ZZZ-999.Marketo`] })
    assert.deepEqual(await send('upsert', item('a', '', seen(ada)), item('b', '', seen(bob)), item('c', '', { ...seen(ada), identities: { email: 'new@acme.example' } })), [['a', 'ok'], ['b', 'unmatched', 'marketo/no-match'], ['c', 'unmatched', 'marketo/no-match']])
    assert.deepEqual(members(), [ada])
    assert.ok(simulator.requests.every((each) => !each.query.toString().includes('filterType=ecids')))
  })

  it('trusts the source where Marketo does not show ECIDs', async () => {
    await start({ modes: ['noEcids'] })
    const ada = simulator.instance.addLead({ email: 'other@acme.example' })
    assert.deepEqual(await send('upsert', item('a', '', { identities: { ecid }, sourceKeys: [`${String(ada)}@123-ABC-456.Marketo`] })), [['a', 'ok']])
  })

  it('chooses among several with one address as it is told', async () => {
    for (const [onDuplicate, wanted, result] of [['lowestId', 0, ['a', 'ok']], ['latest', 1, ['a', 'ok']], ['error', undefined, ['a', 'rejected', 'marketo/several']]] as const) {
      await start({}, { onDuplicate })
      const ids = [simulator.instance.addLead({ email: 'ada@acme.example' }), simulator.instance.addLead({ email: 'ada@acme.example' }, { atMs: simulator.nowMs + 1000 }), simulator.instance.addLead({ email: 'ADA@acme.example' })]
      assert.deepEqual(await send('upsert', item('a', 'ada@acme.example')), [result])
      assert.deepEqual(members(), wanted === undefined ? [] : [ids[wanted]])
      await send('remove', item('a', 'ada@acme.example'))
      assert.deepEqual(members(), [])
      if (onDuplicate !== 'error') { await opened.close(); await simulator.close() }
    }
  })

  it('sends 300 at a time, and asks for fewer where too many match', async () => {
    await start()
    const items = Array.from({ length: 650 }, (_, number) => item(String(number), `p${String(number)}@acme.example`))
    for (let number = 0; number < 650; number++) for (let copy = 0; copy < 4; copy++) simulator.instance.addLead({ email: `p${String(number)}@acme.example` })
    assert.equal((await send('upsert', ...items)).filter((each) => (each as readonly string[])[1] === 'ok').length, 650)
    assert.equal(members().length, 650)
    assert.ok(simulator.seen('POST /leads.json').every((each) => each.path.startsWith('/rest/v1/lists/') || each.query.get('_method') === 'GET'))
  })

  it('asks once more for somebody who is gone since it was remembered', async () => {
    await start()
    const [ada, other] = [simulator.instance.addLead({ email: 'ada@acme.example' }), simulator.instance.addLead({ email: 'ada@acme.example' })]
    await send('upsert', item('a', 'ada@acme.example'))
    simulator.instance.mergeLeads(other, [ada])
    simulator.instance.removeFromList(Number(audience.remoteId), other)
    assert.deepEqual(await send('upsert', item('a', 'ada@acme.example')), [['a', 'ok']])
    assert.deepEqual(members(), [other])
    simulator.instance.deleteLead(other)
    assert.deepEqual(await send('upsert', item('a', 'ada@acme.example')), [['a', 'unmatched', 'marketo/no-match']])
  })

  it('creates people only when told to, with single attributes and no more than fifty', async () => {
    createsPeople = true
    await start({}, { create: true })
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, number) => [`f${String(number)}`, number]))
    assert.deepEqual(await send('upsert', item('a', 'new@acme.example', { payload: { firstName: 'New' } }), item('b', 'list@acme.example', { payload: { tags: ['x'] } }), item('c', 'many@acme.example', { payload: many }), item('d')), [['a', 'ok'], ['b', 'rejected', 'marketo/cannot-create'], ['c', 'rejected', 'marketo/cannot-create'], ['d', 'rejected', 'marketo/cannot-create']])
    assert.deepEqual([...simulator.instance.leads.values()].map((each) => each.fields), [{ email: 'new@acme.example', firstName: 'New' }])
    assert.deepEqual(simulator.seen('POST /rest/v1/leads.json').map((each) => (JSON.parse(each.body) as { readonly action: string }).action), ['createOnly'])
  })

  it('finds the list by id or by name, and makes it where there is none, also when somebody is faster', async () => {
    await start({}, { folder: 'CDP' })
    const known = simulator.instance.addList('Press')
    const ensure = (list: string): Promise<unknown> | undefined => opened.destination.ensureAudience?.({ segment: 's', list })
    assert.deepEqual(await ensure('Press'), { remoteId: String(known), created: false })
    assert.deepEqual(await ensure(`ST${String(known)}A1`), { remoteId: String(known), created: false })
    const made = await ensure('Brand new, ü & co') as { readonly remoteId: string; readonly created: boolean }
    assert.deepEqual([made.created, simulator.instance.lists.get(Number(made.remoteId))?.name, simulator.instance.lists.get(Number(made.remoteId))?.folder], [true, 'Brand new, ü & co', 'CDP'])
    simulator.fail({ on: 'POST staticLists', do: () => { simulator.instance.addList('Raced'); return undefined } })
    assert.equal((await ensure('Raced') as { readonly created: boolean }).created, false)
    const find = (list: string): Promise<unknown> | undefined => opened.destination.findAudience?.(list)
    assert.deepEqual([await find('Press'), await find(`ST${String(known)}A1`), await find('4711'), await find('Nothing')], [{ remoteId: String(known), name: 'Press' }, { remoteId: String(known), name: 'Press' }, undefined, undefined])
    await assert.rejects(ensure('4711') as Promise<unknown>, (error) => isCdpError(error, 'connector/config') && error.message.includes('no static list 4711'))
  })

  it('reads back who is in the list, and tells before anything is sent whom it would find', async () => {
    await start()
    const ada = simulator.instance.addLead({ email: 'Ada@acme.example' })
    simulator.instance.addToList(Number(audience.remoteId), ada)
    const found: unknown[] = []
    for await (const page of opened.destination.members?.(audience) ?? []) found.push(...page)
    assert.deepEqual(found, [{ identities: { email: 'ada@acme.example' }, sourceKey: `${String(ada)}@123-ABC-456.Marketo` }])
    assert.deepEqual(await opened.destination.match?.([item('a', 'ada@acme.example'), item('b', 'x@acme.example')]), [{ key: 'a', match: 'one' }, { key: 'b', match: 'none' }])
    assert.equal(simulator.seen('POST /lists').length, 0)
  })

  it('lets nothing leave but the e-mail address and ids of Marketo itself', async () => {
    await start()
    const ada = simulator.instance.addLead({ email: 'ada@acme.example', ecids: ecid })
    const secretive: Partial<Item> = { identities: { email: 'ada@acme.example', ecid, b2b_person: '003SECRET@crm.Salesforce' }, sourceKeys: ['003SECRET@crm.Salesforce', `${String(ada)}@123-ABC-456.Marketo`], payload: { firstName: 'Adalovelace', title: 'Countess' } }
    await send('upsert', item('k-secret', '', secretive), item('k-other', '', { ...secretive, identities: { email: 'unknown@acme.example', ecid } }))
    await send('remove', item('k-secret', '', secretive))
    const sent = simulator.requests.filter((each) => each.path !== '/identity/oauth/token').map((each) => `${each.path} ${each.query.toString()} ${each.body}`).join('\n')
    assert.match(sent, /ada%40acme\.example|ada@acme\.example/)
    assert.doesNotMatch(sent, /003SECRET|Adalovelace|Countess|k-secret|k-other/)
    const values = simulator.requests.flatMap((each) => [...each.query.entries()].map(([name]) => name))
    assert.deepEqual([...new Set(values)].sort(), ['batchSize', 'fields', 'filterType', 'filterValues'])
  })

  it('serves several instances of one organization, and several organizations to one instance, each with its own list', async () => {
    await start()
    const second = await new MarketoSimulator({ munchkinId: '999-XYZ-111', clients: { client: 'secret', other: 'secret' } }).start()
    const [ada, adaThere] = [simulator.instance.addLead({ email: 'ada@acme.example' }), second.instance.addLead({ email: 'ada@acme.example' })]
    const [lists, organizations] = [[second.instance.addList('Of one'), second.instance.addList('Of other')], ['client', 'other'].map((clientId) => connect(second, { config: { clientId } }))] as const
    for (const [index, each] of organizations.entries()) await each.destination.upsert({ id: 'd', at: each.clock.now(), audience: { segment: 's', list: '', remoteId: String(lists[index]) }, items: [item('a', 'ada@acme.example')] })
    assert.deepEqual(await send('upsert', item('a', 'ada@acme.example')), [['a', 'ok']])
    assert.deepEqual([members(), ...lists.map((each) => [...(second.instance.lists.get(each)?.members.keys() ?? [])])], [[ada], [adaThere], [adaThere]])
    for (const each of organizations) await each.close()
    await second.close()
  })
})
