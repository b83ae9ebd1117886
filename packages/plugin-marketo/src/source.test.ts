import assert from 'node:assert/strict'
import { type ReadOnce, connect, readOnce } from '../../../test/simulators/marketo/connect.js'
import { iso } from '../../../test/simulators/marketo/instance.js'
import { type MarketoOptions, MarketoSimulator } from '../../../test/simulators/marketo/simulator.js'
import { isCdpError } from '../../core/src/kernel/error.js'
import type { Change, JsonObject } from '../../core/src/plugins/sdk.js'

const fields = ['id', 'email', 'firstName', 'leadScore', 'updatedAt', 'unsubscribed']
const dayMs = 86_400_000

describe('marketo source', () => {
  let simulator: MarketoSimulator
  let opened: ReturnType<typeof connect>
  const start = async (options: MarketoOptions = {}): Promise<void> => {
    simulator = await new MarketoSimulator(options).start()
    opened = connect(simulator)
  }
  afterEach(async () => { await opened.close(); await simulator.close() })

  const person = (number: number, more: JsonObject = {}): Record<string, string | number> => ({ email: `p${String(number)}@acme.example`, firstName: `Ünï ${String(number)}`, ...(more as Record<string, string>) })
  const read = (stream: string, from?: ReadOnce, checkpoints?: number): Promise<ReadOnce> => readOnce(opened.source, { stream, ...(stream === 'people' ? { fields } : {}), ...(from?.checkpoint === undefined ? {} : { checkpoint: from.checkpoint }) }, checkpoints === undefined ? {} : { checkpoints })
  const records = ({ changes }: { readonly changes: readonly Change[] }): readonly JsonObject[] => changes.flatMap((each) => (each.op === 'upsert' ? [each.record] : []))
  const ends = ({ changes }: ReadOnce): string[] => changes.flatMap((each) => (each.op === 'delete' ? [`- ${each.key}`] : each.op === 'merge' ? [`${each.key} > ${each.into}`] : []))

  describe('people', () => {
    it('reads everybody by bulk extract, with the types that REST gives, and says how far it is', async () => {
      await start()
      const old = simulator.nowMs - 70 * dayMs
      const first = simulator.instance.addLead({ ...person(1), leadScore: 12, unsubscribed: true }, { atMs: old })
      simulator.instance.addLead({ email: 'two@acme.example', firstName: 'a "b",\nc\r and \u2028' }, { atMs: old + 40 * dayMs })
      const whole = await read('people')
      assert.deepEqual(records(whole).slice(0, 2), [
        { id: first, email: 'p1@acme.example', firstName: 'Ünï 1', leadScore: 12, unsubscribed: true, createdAt: iso(old), updatedAt: iso(old) },
        { id: first + 1, email: 'two@acme.example', firstName: 'a "b",\nc\r and \u2028', createdAt: iso(old + 40 * dayMs), updatedAt: iso(old + 40 * dayMs) },
      ])
      assert.deepEqual(whole.progress.at(-1), { done: 2, total: 2 })
      assert.equal(simulator.instance.leadsCreatedByClients, 0)
    })

    it('then reads who is new, changed, deleted and merged, each with the form of REST', async () => {
      await start()
      const [ada, bob, eve, joe] = [1, 2, 3, 4].map((each) => simulator.instance.addLead(person(each), { atMs: simulator.nowMs - 20 * dayMs })) as [number, number, number, number]
      const before = await read('people')
      simulator.advance(5 * 60_000)
      simulator.instance.updateLead(ada, { firstName: 'Ada' })
      const fresh = simulator.instance.addLead(person(9))
      simulator.instance.deleteLead(eve)
      simulator.instance.mergeLeads(bob, [joe])
      simulator.advance(60_000)
      const poll = await read('people', before)
      assert.deepEqual(records(poll).map((each) => [each['id'], each['firstName']]).sort(), [[ada, 'Ada'], [bob, 'Ünï 2'], [fresh, 'Ünï 9']].sort())
      assert.deepEqual(ends(poll).sort(), [`${String(joe)} > ${String(bob)}`, `- ${String(eve)}`].sort())
      // A poll looks back, and tells the same again; later ones have nothing.
      const again = await read('people', poll)
      assert.deepEqual([records(again).length, ends(again).sort()], [3, ends(poll).sort()])
      simulator.advance(20 * 60_000)
      assert.deepEqual((await read('people', await read('people', again))).changes, [])
    })

    it('takes a merged lead as merged, also when Marketo tells it as deleted, before or after', async () => {
      await start()
      const [ada, bob] = [1, 2].map((each) => simulator.instance.addLead(person(each), { atMs: simulator.nowMs - dayMs })) as [number, number]
      const before = await read('people')
      simulator.instance.mergeLeads(ada, [bob], { alsoAsDeleted: true })
      simulator.advance(60_000)
      const poll = await read('people', before)
      assert.deepEqual(ends(poll), [`${String(bob)} > ${String(ada)}`])
      simulator.instance.log({ leadId: bob, typeId: 37, atMs: simulator.nowMs + 11 * 60_000, attributes: {} })
      simulator.advance(13 * 60_000)
      assert.deepEqual(ends(await read('people', poll)), [`${String(bob)} > ${String(ada)}`])
    })

    it('sees what is stored later than it happened, by looking back', async () => {
      await start()
      const ada = simulator.instance.addLead(person(1), { atMs: simulator.nowMs - dayMs })
      const before = await read('people')
      simulator.instance.commitLagMs = 3 * 60_000
      simulator.instance.updateLead(ada, { firstName: 'Late' })
      simulator.advance(60_000)
      const tooEarly = await read('people', before)
      assert.deepEqual(records(tooEarly), [])
      simulator.advance(5 * 60_000)
      assert.deepEqual(records(await read('people', tooEarly)).map((each) => each['firstName']), ['Late'])
    })

    it('looks back a day by bulk extract once a day, and does without where the subscription has no such filter', async () => {
      await start()
      simulator.instance.addLead(person(1), { atMs: simulator.nowMs - 3 * dayMs })
      const before = await read('people')
      const jobs = simulator.exports.jobs.size
      simulator.advance(25 * 3_600_000)
      assert.equal(simulator.exports.jobs.size, jobs)
      await read('people', before)
      assert.deepEqual([...simulator.exports.jobs.values()].slice(jobs).map((each) => Object.keys(each.filter)), [['updatedAt']])
      await opened.close()
      await simulator.close()
      await start({ modes: ['noUpdatedAt'] })
      const without = await read('people')
      simulator.advance(25 * 3_600_000)
      await read('people', await read('people', without))
      assert.deepEqual(opened.logged.filter(([, text]) => text.includes('no bulk extract by updatedAt')).length, 1)
    })

    it('goes on from every checkpoint without a gap, with the very job that it had', async () => {
      await start()
      const oldest = simulator.nowMs - 80 * dayMs
      for (let number = 0; number < 80; number++) simulator.instance.addLead(person(number), { atMs: oldest + number * dayMs })
      const seen = new Set<unknown>()
      let at: ReadOnce | undefined
      for (let kills = 0; kills < 100; kills++) {
        const part = await read('people', at, 1)
        for (const each of records(part)) seen.add(each['id'])
        if (part.checkpoint === undefined) break
        at = part
        if (!JSON.stringify(part.checkpoint).includes('backfill')) break
      }
      assert.equal(seen.size, 80)
      assert.equal(simulator.exports.jobs.size, 3)
    })

    it('tells who was away for too long that deletes may be missing', async () => {
      await start()
      const before = await read('people')
      simulator.advance(20 * dayMs)
      await read('people', before)
      assert.deepEqual(opened.logged.filter(([level]) => level === 'warn').map(([, text]) => text.slice(0, 54)), ['stream people was not read since 2026-11-23T06:00:00Z:'])
    })
  })

  describe('activities', () => {
    it('come from extract and poll in one form, custom ones included, and deleted leads do not', async () => {
      await start({ blockSize: 3 })
      simulator.instance.customActivities.push({ id: 100_001, name: 'Attended Roundtable', apiName: 'attendedRoundtable', primary: 'Topic', attributes: ['Seats'] })
      const ada = simulator.instance.addLead(person(1), { atMs: simulator.nowMs - 30 * dayMs })
      const log = (atMs: number): void => {
        simulator.instance.log({ leadId: ada, typeId: 11, atMs, primaryId: 5, primary: 'Newsletter', attributes: { Link: 'https://x.example', 'Is Mobile Device': false } })
        simulator.instance.log({ leadId: ada, typeId: 100_001, atMs, primary: 'Data', attributes: { Seats: 4 } })
        simulator.instance.log({ leadId: ada, typeId: 37, atMs, attributes: {} })
      }
      log(simulator.nowMs - 10 * dayMs)
      const before = await read('activities')
      log(simulator.nowMs)
      simulator.advance(60_000)
      const poll = await read('activities', before)
      const shown = (each: JsonObject): unknown => ({ ...each, marketoGUID: '', activityDate: '' })
      const events = records(before).filter((each) => each['activityTypeId'] !== 12)
      assert.deepEqual(events.map(shown), [
        { marketoGUID: '', leadId: String(ada), activityDate: '', activityTypeId: 11, eventType: 'directMarketing.emailClicked', attributes: { Link: 'https://x.example', 'Is Mobile Device': false }, primaryAttributeValueId: '5', primaryAttributeValue: 'Newsletter' },
        { marketoGUID: '', leadId: String(ada), activityDate: '', activityTypeId: 100_001, eventType: 'marketo.custom.Attended_Roundtable', attributes: { Seats: 4 }, primaryAttributeValue: 'Data' },
      ])
      assert.deepEqual(records(poll).map(shown), events.map(shown))
    })
  })

  describe('what hangs on people', () => {
    const fill = (): { readonly lead: number; readonly company: number; readonly program: number; readonly list: number } => {
      const company = simulator.instance.addCompany({ company: 'Acme', industry: 'Steel', externalCompanyId: '001A', numberOfEmployees: 70 })
      const lead = simulator.instance.addLead({ ...person(1), contactCompany: company }, { atMs: simulator.nowMs - 5 * dayMs })
      simulator.instance.addOpportunity({ externalOpportunityId: '006A', name: 'Deal', amount: 100, isClosed: false })
      simulator.instance.addRole('006A', lead, { role: 'Decision Maker', isPrimary: true })
      const program = simulator.instance.addProgram('Webinar', { channel: 'Webinar' })
      simulator.instance.setProgramStatus(program, lead, 'Registered')
      const list = simulator.instance.addList('Press')
      simulator.instance.addToList(list, lead)
      simulator.advance(1000)
      return { lead, company, program, list }
    }

    it('is read once as a whole', async () => {
      await start()
      const { lead, company, program, list } = fill()
      const one = async (stream: string, ...names: readonly string[]): Promise<unknown> => records(await read(stream)).map((each) => names.map((name) => each[name]))
      assert.deepEqual(await one('companies', 'id', 'company', 'industry', 'numberOfEmployees'), [[company, 'Acme', 'Steel', 70]])
      assert.deepEqual(await one('opportunities', 'externalOpportunityId', 'name', 'amount', 'contactCompany'), [['006A', 'Deal', 100, company], ['006A', 'Deal', 100, company]])
      assert.deepEqual(await one('opportunity-roles', 'key', 'role'), [[`006A-${String(lead)}-Decision Maker`, 'Decision Maker'], [`006A-${String(lead)}-Decision Maker`, 'Decision Maker']])
      assert.deepEqual(await one('programs', 'id', 'name', 'channel'), [[program, 'Webinar', 'Webinar']])
      assert.deepEqual((await one('program-members', 'key', 'statusName', 'reachedSuccess') as readonly unknown[])[0], [`${String(program)}-${String(lead)}`, 'Registered', false])
      assert.deepEqual(await one('lists', 'id', 'name'), [[list, 'Press']])
      assert.deepEqual((await one('list-members', 'key', 'listId', 'leadId') as readonly unknown[])[0], [`${String(list)}-${String(lead)}`, list, String(lead)])
    })

    it('is polled by the activities that tell of it', async () => {
      await start()
      const { lead, program, list } = fill()
      const streams = ['companies', 'opportunities', 'opportunity-roles', 'programs', 'program-members', 'lists', 'list-members']
      const before = new Map<string, ReadOnce>()
      for (const each of streams) before.set(each, await read(each))
      simulator.advance(30 * 60_000)
      const other = simulator.instance.addCompany({ company: 'Globex' })
      simulator.instance.updateLead(lead, { contactCompany: other })
      const [opportunity = ''] = simulator.instance.opportunities.keys()
      simulator.instance.updateOpportunity(opportunity, { amount: 200 })
      simulator.instance.log({ leadId: lead, typeId: 35, atMs: simulator.nowMs, attributes: { 'External Opportunity Id': '006A', Role: 'Influencer' } })
      simulator.instance.setProgramStatus(program, lead, 'Attended', true)
      simulator.instance.removeFromList(list, lead)
      simulator.instance.lists.delete(list)
      const fresh = simulator.instance.addList('Analysts')
      simulator.advance(60_000)
      const polls = new Map<string, ReadOnce>()
      for (const each of streams) polls.set(each, await read(each, before.get(each)))
      const of = (stream: string): ReadOnce => polls.get(stream) as ReadOnce
      assert.deepEqual(records(of('companies')).map((each) => each['company']), ['Globex'])
      assert.deepEqual(records(of('opportunities')).map((each) => [each['amount'], each['contactCompany']]), [[200, other]])
      assert.deepEqual(ends(of('opportunity-roles')), [`- 006A-${String(lead)}-Influencer`])
      assert.deepEqual(records(of('program-members')).map((each) => [each['statusName'], each['reachedSuccess']]), [['Attended', true]])
      assert.deepEqual([records(of('lists')).map((each) => each['id']), ends(of('lists'))], [[fresh], [`- ${String(list)}`]])
      assert.deepEqual(ends(of('list-members')), [`- ${String(list)}-${String(lead)}`])
    })

    it('comes from people where the CRM owns companies, and is left to the CRM where it owns opportunities', async () => {
      await start({ modes: ['native'] })
      const { company } = fill()
      assert.deepEqual(records(await read('companies')).map((each) => [each['id'], each['company'], each['industry']]), [[company, 'Acme', 'Steel']])
      assert.deepEqual((await read('opportunities')).changes, [])
      assert.deepEqual((await read('opportunity-roles')).changes, [])
      assert.deepEqual(opened.logged.filter(([, text]) => text.includes('belong to the CRM')).length, 1)
    })

    it('has named accounts through their lists', async () => {
      await start()
      simulator.instance.addNamedAccount('Initech', { industry: 'Software' })
      const readLists = (...lists: readonly string[]): Promise<ReadOnce> => readOnce(opened.source, { stream: 'named-accounts', config: { lists } })
      assert.deepEqual(records(await readLists('All Accounts')).map((each) => [each['name'], each['industry']]), [['Initech', 'Software']])
      await assert.rejects(readLists('Nowhere'), (error) => isCdpError(error, 'connector/config') && error.message.includes('called Nowhere'))
      await assert.rejects(readLists(), (error) => isCdpError(error, 'connector/config') && error.message.includes('which lists'))
    })
  })

  it('polls once what several streams live on, with the same result as streams that poll each for themselves', async () => {
    await start()
    const { instance } = simulator
    const company = instance.addCompany({ company: 'Acme' })
    const [ada, bob, eve] = [1, 2, 3].map((number) => instance.addLead(person(number, { contactCompany: company }), { atMs: simulator.nowMs - dayMs })) as [number, number, number]
    const list = instance.addList('Press')
    const program = instance.addProgram('Webinar')
    const opportunity = instance.addOpportunity({ externalOpportunityId: 'O1', name: 'Deal' })
    const streams = ['people', 'companies', 'opportunities', 'opportunity-roles', 'programs', 'program-members', 'lists', 'list-members', 'activities']
    const begun = new Map<string, ReadOnce>()
    for (const stream of streams) begun.set(stream, await read(stream))
    simulator.advance(30 * 60_000)
    instance.updateLead(ada, { firstName: 'Augusta' })
    instance.updateLead(bob, { company: 'Other' })
    instance.mergeLeads(ada, [eve])
    instance.addToList(list, bob)
    instance.setProgramStatus(program, ada, 'Attended', true)
    instance.addRole('O1', ada, { role: 'Champion', isPrimary: true })
    instance.updateOpportunity(opportunity, { name: 'Large deal' })
    simulator.advance(1000)
    const poll = async (source: ReturnType<typeof connect>['source'], of: (stream: string) => readonly string[]): Promise<{ readonly changes: readonly unknown[]; readonly calls: number }> => {
      const before = simulator.requests.length
      const changes: unknown[] = []
      for (const stream of streams) {
        const from = begun.get(stream)?.checkpoint
        const once = await readOnce(source, { stream, streams: of(stream), ...(stream === 'people' ? { fields } : {}), ...(from === undefined ? {} : { checkpoint: from }) })
        changes.push([stream, once.changes.map((each) => JSON.stringify(each)).sort()])
      }
      return { changes, calls: simulator.requests.length - before }
    }
    const [alone, together] = [connect(simulator), connect(simulator)]
    const each = await poll(alone.source, (stream) => [stream])
    const shared = await poll(together.source, () => streams)
    assert.deepEqual(shared.changes, each.changes)
    assert.deepEqual([each.calls, shared.calls], [29, 21])
    // Who asks again wants news.
    instance.updateLead(bob, { firstName: 'Robert' })
    simulator.advance(60_000)
    const again = await readOnce(together.source, { stream: 'people', streams, fields, ...(begun.get('people')?.checkpoint === undefined ? {} : { checkpoint: begun.get('people')?.checkpoint ?? null }) })
    assert.ok(records(again).some((one) => one['firstName'] === 'Robert'))
    await alone.close()
    await together.close()
  })

  it('checks what it is given, and describes the fields that there are', async () => {
    await start()
    simulator.instance.fields.push({ name: 'npsScore', dataType: 'integer' })
    assert.deepEqual(await opened.source.check(), { ok: true })
    const people = (await opened.source.discover()).find((each) => each.name === 'people')
    assert.deepEqual((people?.schema['properties'] as JsonObject)['npsScore'], { type: 'number' })
    const wrong = connect(simulator, { config: { clientId: 'other' } })
    const result = await wrong.source.check()
    assert.deepEqual([result.ok, !result.ok && result.pointer, !result.ok && result.reason], [false, '/clientSecret', 'Access is refused: Marketo does not accept the client id and [secret].'])
    await wrong.close()
  })
})
