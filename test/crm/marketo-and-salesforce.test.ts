// The same company and people from Marketo and from Salesforce, each through its connector: one account and one person each, with
// the component of each source, by e-mail and by the ids of the CRM that Marketo knows.
import assert from 'node:assert/strict'
import type { Source } from '../../packages/core/src/1-project/project.js'
import { ingestSource } from '../../packages/core/src/4-ingest/index.js'
import { updateProfiles } from '../../packages/core/src/5-profiles/index.js'
import { standardEntities } from '../../packages/core/src/entities/standard-entities.js'
import { silentLog } from '../../packages/core/src/kernel/log.js'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import type { Connector, JsonObject, OpenSource } from '../../packages/core/src/plugins/sdk.js'
import { aSource, seedLimits } from '../../packages/core/src/testing/a-project.js'
import type { Store } from '../../packages/core/src/stores/store.js'
import { aContext } from '../../packages/core/src/testing/a-context.js'
import { aStore } from '../../packages/core/src/testing/a-store.js'
import { salesforceConnector } from '../../packages/plugin-crm/src/salesforce/connector.js'
import { marketoConnector } from '../../packages/plugin-marketo/src/index.js'
import { type Connected, connect } from '../simulators/marketo/connect.js'
import { MarketoSimulator } from '../simulators/marketo/simulator.js'
import { type SalesforceSimulator, startSalesforce } from '../simulators/salesforce/simulator.js'

const crmLink: JsonObject = { crm: 'Source/crm' }

function toSource(name: string, { source }: Connector, config: JsonObject, streams: readonly string[]): Source {
  const known = source?.streamsOf?.(config) ?? []
  return aSource(name, {
    connector: name, type: source?.defaultType ?? '', config,
    streams: known.filter((each) => streams.includes(each.name)).map(({ name: stream, entity = '', key = '', map = {} }) => ({ name: stream, entity, key, map, config: {} })),
  })
}

describe('Marketo and Salesforce', () => {
  let store: Store
  let salesforce: SalesforceSimulator
  let marketo: MarketoSimulator
  let connected: Connected
  beforeEach(async () => {
    store = await aStore()
    salesforce = await startSalesforce()
    marketo = await new MarketoSimulator().start()
    connected = connect(marketo, { config: crmLink })
  })
  afterEach(async () => {
    await connected.close()
    await marketo.close()
    await salesforce.close()
    await store.close()
  })

  it('tell of one company and its people, once each', async () => {
    const acme = salesforce.organization.add('Account', { Name: 'Acme Corporation', NumberOfEmployees: 5000 })
    const [ada, bob] = [['Ada', 'Ada@acme.example'], ['Bob', 'bob.old@acme.example']].map(([FirstName = '', Email = '']) => salesforce.organization.add('Contact', { FirstName, LastName: 'X', Email, AccountId: acme }))
    const lead = salesforce.organization.add('Lead', { FirstName: 'Cleo', LastName: 'X', Email: 'cleo@acme.example', Company: 'Acme' })
    const company = marketo.instance.addCompany({ company: 'ACME', industry: 'Robotics', externalCompanyId: acme })
    // Ada is found by her e-mail alone, Bob and Cleo by the CRM's ids: their e-mail is another one at Marketo.
    const ids = [{ email: 'ada@ACME.example' }, { email: 'bob.new@acme.example', sfdcType: 'Contact', sfdcContactId: bob ?? '' }, { email: 'cleo.new@acme.example', sfdcType: 'Lead', sfdcLeadId: lead }, { email: 'dora@acme.example' }]
      .map((each) => marketo.instance.addLead({ ...each, leadScore: 90, contactCompany: company, externalCompanyId: acme }))
    const crm = toSource('crm', salesforceConnector, {}, ['Account', 'Contact', 'Lead'])
    const marketing = toSource('marketo', marketoConnector, crmLink, ['people', 'companies'])
    const host = connected.host
    const direct = salesforceConnector.source?.open(aContext({ loginUrl: salesforce.url, clientId: 'client', clientSecret: 'secret' }, { http: host.http([]) }))
    assert.ok(direct)
    await ingest(crm, 1, direct, [crm, marketing])
    await ingest(marketing, 2, connected.source, [crm, marketing])
    await updateProfiles({ store, entities: standardEntities, sourceRanks: [{ uid: 1, name: 'crm' }, { uid: 2, name: 'marketo' }], limits: seedLimits, clock: connected.clock, log: silentLog })
    const keysOf = async (sql: ReturnType<typeof sqlText>): Promise<readonly unknown[]> => (await store.rows<{ keys: readonly string[] }>(sql)).map((each) => [...each.keys].sort())
    const [m1, m2, m3, m4] = ids.map((each) => `${String(each)}@marketo.Marketo`)
    assert.deepEqual(await keysOf(sqlText`select _source_keys as keys from account order by _id`), [[`${acme}@crm.Salesforce`, `${String(company)}.mkto_org@marketo.Marketo`].sort()])
    assert.deepEqual(await keysOf(sqlText`select _source_keys as keys from person order by _id`), [[`${ada ?? ''}@crm.Salesforce`, m1], [`${bob ?? ''}@crm.Salesforce`, m2], [`${lead}@crm.Salesforce`, m3], [m4]].map((each) => [...each].sort()))
    // A condition over both: the score is Marketo's, the employees are the CRM's, and Dora is at the account by Marketo alone.
    const hot = await store.rows(sqlText`select count(*) as people from person p join person_account a on a.person_id = p._id join account c on c._id = a.account_id where p."leadScore" >= 80 and c.employees >= 1000 and c.industry = 'Robotics'`)
    assert.deepEqual(hot, [{ people: 4 }])
  })

  async function ingest(spec: Source, uid: number, connector: OpenSource, sources: readonly Source[]): Promise<void> {
    const { failures } = await ingestSource({ source: { uid, spec }, sources: sources.map((each, index) => ({ uid: index + 1, spec: each })), entities: standardEntities, vars: {}, connector, store, limits: seedLimits, clock: connected.clock, log: silentLog })
    assert.deepEqual(failures, [])
  }
})
