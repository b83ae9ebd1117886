import assert from 'node:assert/strict'
import { isCdpError } from '../../../core/src/kernel/error.js'
import type { Audience, Item, JsonObject, MemberRef, OpenDestination } from '../../../core/src/plugins/sdk.js'
import { itemsOf } from '../../../core/src/testing/a-context.js'
import { Connection } from '../../../../test/simulators/connection.js'
import { type SalesforceSimulator, startSalesforce } from '../../../../test/simulators/salesforce/simulator.js'
import { salesforceConnector } from './connector.js'

describe('Salesforce destination', () => {
  let salesforce: SalesforceSimulator
  let connection: Connection
  beforeEach(async () => {
    salesforce = await startSalesforce()
    for (const object of ['Contact', 'Lead']) for (const field of ['Hot__c:boolean', 'Cdp__c:multipicklist', 'Cdp_Id__c:external']) salesforce.organization.addField(object, field)
    connection = new Connection(salesforce.http)
  })
  afterEach(async () => {
    await connection.close()
    await salesforce.close()
  })

  const open = (config: JsonObject): OpenDestination => connection.openDestination(salesforceConnector, { loginUrl: salesforce.url, clientId: 'client', clientSecret: 'secret', ...config })
  const item = (key: string, sourceKeys: readonly string[], payload: JsonObject = {}): Item => ({ key, identities: {}, sourceKeys: sourceKeys.map((each) => (each.includes('@') ? each : `${each}@crm.Salesforce`)), payload })
  const send = async (destination: OpenDestination, operation: 'upsert' | 'remove', audience: Audience, ...items: readonly Item[]): Promise<readonly unknown[]> => {
    const results = itemsOf(await destination[operation]({ id: 'd', at: connection.clock.now(), audience, items }))
    assert.deepEqual(results.map((each) => each.key).sort(), items.map((each) => each.key).sort())
    return [...results].sort((a, b) => (a.key < b.key ? -1 : 1)).map((each) => (each.code === undefined ? each.status : `${each.status} ${each.code}`))
  }
  const add = (object: string, values: Readonly<Record<string, string | boolean>> = {}): string => salesforce.organization.add(object, { LastName: 'X', ...values })
  const field = (id: string, name: string): unknown => salesforce.organization.get(id).row[name]
  const members = async (destination: OpenDestination, audience: Audience): Promise<readonly MemberRef[]> => {
    const all: MemberRef[] = []
    for await (const page of destination.members?.(audience) ?? []) all.push(...page)
    return all
  }

  it('ticks a checkbox of the contacts, of leads where there is no contact, and unticks it again; a repeat changes nothing', async () => {
    const destination = open({ as: 'checkbox' })
    const [contact, twin, lead, converted] = [add('Contact', { Email: 'A@x.example' }), add('Contact'), add('Lead'), add('Lead')]
    const audience = { segment: 'hot', list: 'Hot__c' }
    const all = [item('1', [contact, twin, converted]), item('2', [lead]), item('3', ['9@web.Web']), item('4', ['17@mkto.Marketo'])]
    for (let times = 0; times < 2; times++) assert.deepEqual(await send(destination, 'upsert', audience, ...all), ['ok', 'ok', 'unmatched salesforce/not-found', 'unmatched salesforce/not-found'])
    assert.deepEqual([contact, twin, lead, converted].map((each) => field(each, 'Hot__c')), [true, true, true, false])
    assert.deepEqual(await members(open({ as: 'checkbox', instance: 'crm' }), audience), [{ identities: { email: 'a@x.example' }, sourceKey: `${contact}@crm.Salesforce` }, { identities: {}, sourceKey: `${twin}@crm.Salesforce` }, { identities: {}, sourceKey: `${lead}@crm.Salesforce` }])
    assert.deepEqual(await send(destination, 'remove', audience, ...all), ['ok', 'ok', 'noop', 'noop'])
    assert.deepEqual([contact, twin, lead].map((each) => field(each, 'Hot__c')), [false, false, false])
    assert.equal([...salesforce.organization.rows('Contact')].length, 2, 'nobody was created')
  })

  it('reads nobody back where it is not known whose records ours are', () => {
    assert.equal((open({ as: 'checkbox' }) as { readonly members?: unknown }).members, undefined)
  })

  it('writes the further fields of the body with it', async () => {
    const contact = add('Contact')
    await send(open({ as: 'checkbox' }), 'upsert', { segment: 'hot', list: 'Hot__c' }, item('1', [contact], { Title: 'CEO', Id: 'not this' }))
    assert.deepEqual([field(contact, 'Title'), field(contact, 'Hot__c')], ['CEO', true])
  })

  it('adds and removes a value of a multi-select field, and leaves the other values', async () => {
    const destination = open({ as: 'picklist', field: 'Cdp__c', instance: 'crm' })
    const [contact, lead] = [add('Contact', { Cdp__c: 'other;third' }), add('Lead', { Cdp__c: 'Hot leads' })]
    const audience = { segment: 'hot', list: 'Hot leads' }
    assert.deepEqual(await send(destination, 'upsert', audience, item('1', [contact]), item('2', [lead])), ['ok', 'noop'])
    assert.deepEqual([contact, lead].map((each) => field(each, 'Cdp__c')), ['other;third;Hot leads', 'Hot leads'])
    assert.equal((await members(destination, audience)).length, 2)
    assert.deepEqual(await send(destination, 'remove', audience, item('1', [contact]), item('2', [lead])), ['ok', 'ok'])
    assert.deepEqual([contact, lead].map((each) => field(each, 'Cdp__c')), ['other;third', ''])
  })

  it('makes campaign members and takes them out, in a campaign that is found by its name or made', async () => {
    const destination = open({ as: 'campaign', memberStatus: 'Sent', instance: 'crm' })
    const known = salesforce.organization.add('Campaign', { Name: 'Spring "26"' })
    assert.deepEqual(await destination.ensureAudience?.({ segment: 'hot', list: 'Spring "26"' }), { remoteId: known, created: false })
    assert.deepEqual(await destination.ensureAudience?.({ segment: 'hot', list: known }), { remoteId: known, created: false })
    const made = await destination.ensureAudience?.({ segment: 'hot', list: 'Summer' })
    assert.deepEqual([made?.created, field(made?.remoteId ?? '', 'Name')], [true, 'Summer'])
    const [contact, lead] = [add('Contact'), add('Lead')]
    const audience = { segment: 'hot', list: 'Summer', remoteId: made?.remoteId ?? '' }
    assert.deepEqual(await send(destination, 'upsert', audience, item('1', [contact]), item('2', [lead])), ['ok', 'ok'])
    assert.deepEqual(await send(destination, 'upsert', audience, item('1', [contact]), item('2', [lead])), ['noop', 'noop'])
    assert.equal((await members(destination, audience)).length, 2)
    assert.deepEqual(await send(destination, 'remove', audience, item('1', [contact])), ['ok'])
    assert.deepEqual(await send(destination, 'remove', audience, item('1', [contact])), ['noop'])
    assert.equal((await members(destination, audience)).length, 1)
  })

  it('keeps who left in the campaign with a status, and takes them back', async () => {
    const destination = open({ as: 'campaign', memberStatus: 'Sent', exitStatus: 'Exited' })
    const [campaign, contact] = [salesforce.organization.add('Campaign', { Name: 'C' }), add('Contact')]
    const audience = { segment: 'hot', list: 'C', remoteId: campaign }
    const status = (): unknown => [...salesforce.organization.rows('CampaignMember')].map((each) => each['Status'])
    await send(destination, 'upsert', audience, item('1', [contact]))
    assert.deepEqual(await send(destination, 'remove', audience, item('1', [contact])), ['ok'])
    assert.deepEqual(status(), ['Exited'])
    assert.deepEqual(await send(destination, 'upsert', audience, item('1', [contact])), ['ok'])
    assert.deepEqual(status(), ['Sent'])
  })

  it('tells each record for itself: what passes is tried again, what is refused is not, and who is gone needs not be taken out', async () => {
    const destination = open({ as: 'checkbox' })
    const [fine, locked, double, gone, lead] = [add('Contact'), add('Contact'), add('Contact'), add('Contact'), add('Lead')]
    const audience = { segment: 'hot', list: 'Hot__c' }
    salesforce.refuse({ id: locked, statusCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access to this record' })
    salesforce.refuse({ id: double, statusCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?' })
    salesforce.organization.remove(gone)
    salesforce.organization.convert(lead)
    const items = [item('1', [fine]), item('2', [locked]), item('3', [double]), item('4', [gone]), item('5', [lead])]
    assert.deepEqual(await send(destination, 'upsert', audience, ...items), ['ok', 'retry salesforce/UNABLE_TO_LOCK_ROW', 'rejected salesforce/DUPLICATES_DETECTED', 'rejected salesforce/ENTITY_IS_DELETED', 'rejected salesforce/CANNOT_UPDATE_CONVERTED_LEAD'])
    assert.equal(field(fine, 'Hot__c'), true)
    assert.deepEqual(await send(destination, 'remove', audience, item('1', [fine]), item('4', [gone])), ['ok', 'noop'])
  })

  it('finds others by an external id, and creates nobody unless it is told to; then nobody twice', async () => {
    const lead = add('Lead', { Cdp_Id__c: 'p-1' })
    const audience = { segment: 'hot', list: 'Hot__c' }
    const items = [item('1', ['9@web.Web'], { Cdp_Id__c: 'p-1' }), item('2', [], { Cdp_Id__c: 'p-2', LastName: 'New', Company: 'Acme' }), item('3', [], { Cdp_Id__c: "x') OR Id != null OR (Id = '" }), item('4', [])]
    const careful = open({ as: 'checkbox', externalId: { object: 'Lead', field: 'Cdp_Id__c' } })
    assert.deepEqual(await send(careful, 'upsert', audience, ...items), ['ok', ...Array.from({ length: 3 }, () => 'unmatched salesforce/not-found')])
    assert.deepEqual([field(lead, 'Hot__c'), [...salesforce.organization.rows('Lead')].length], [true, 1])
    const creating = open({ as: 'checkbox', create: true, externalId: { object: 'Lead', field: 'Cdp_Id__c' } })
    for (let times = 0; times < 2; times++) assert.deepEqual(await send(creating, 'upsert', audience, ...items.slice(0, 2), ...items.slice(3)), ['ok', 'ok', 'unmatched salesforce/not-found'])
    assert.deepEqual([...salesforce.organization.rows('Lead')].map((each) => [each['Cdp_Id__c'], each['Company'] ?? null, each['Hot__c']]), [['p-1', null, true], ['p-2', 'Acme', true]])
  })

  it('says which it would find', async () => {
    const [contact, twin] = [add('Contact'), add('Contact')]
    const found = await open({ as: 'checkbox' }).match?.([item('1', [contact]), item('2', [contact, twin]), item('3', ['003000000000zzzAAA']), item('4', [])])
    assert.deepEqual(found?.map((each) => each.match), ['one', 'several', 'none', 'none'])
  })

  it('sends no more than 200 records in a call', async () => {
    const items = Array.from({ length: 200 }, (_, index) => item(String(1000 + index), [add('Contact'), add('Contact')]))
    await send(open({ as: 'checkbox' }), 'upsert', { segment: 'hot', list: 'Hot__c' }, ...items)
    assert.deepEqual(salesforce.http.seen('PATCH /composite').map((each) => (JSON.parse(each.body) as { records: readonly unknown[] }).records.length), [200, 200])
  })

  it('does not begin with a field that is not there, or is something else', async () => {
    for (const [list, reason] of [['Cold__c', /Contact has no field Cold__c/], ['Title', /Contact.Title is no checkbox but string/]] as const) {
      await assert.rejects(async () => open({ as: 'checkbox' }).ensureAudience?.({ segment: 'hot', list }), (error) => isCdpError(error, 'connector/config') && reason.test(error.message))
    }
    assert.deepEqual(await open({ as: 'checkbox' }).ensureAudience?.({ segment: 'hot', list: 'Hot__c' }), { remoteId: 'Hot__c', created: false })
  })
})
