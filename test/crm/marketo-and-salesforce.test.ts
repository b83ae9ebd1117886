// The same company and people from Marketo and from Salesforce, each through its connector: one account and one person each, with
// the component of each source, by e-mail and by the ids of the CRM that Marketo knows; and a segment that asks for what only one
// of the two knows, delivered into Marketo.
import assert from 'node:assert/strict'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import { aSegment, anActivation } from '../../packages/core/src/testing/a-project.js'
import { salesforceConnector } from '../../packages/plugin-crm/src/salesforce/connector.js'
import { marketoConnector } from '../../packages/plugin-marketo/src/index.js'
import { listMembers } from '../../examples/b2b-marketo/check/expected.js'
import { marketoConfig } from '../simulators/marketo/connect.js'
import { MarketoSimulator } from '../simulators/marketo/simulator.js'
import { type SalesforceSimulator, startSalesforce } from '../simulators/salesforce/simulator.js'
import { Pipeline } from './pipeline.js'

describe('Marketo and Salesforce', () => {
  let salesforce: SalesforceSimulator
  let marketo: MarketoSimulator
  let pipeline: Pipeline
  beforeEach(async () => {
    salesforce = await startSalesforce()
    marketo = await new MarketoSimulator().start()
    pipeline = await Pipeline.open({
      clock: marketo,
      sources: [
        { name: 'crm', connector: salesforceConnector, config: { loginUrl: salesforce.url, clientId: 'client', clientSecret: 'secret' }, streams: ['Account', 'Contact', 'Lead'] },
        { name: 'marketo', connector: marketoConnector, config: { ...marketoConfig(marketo), crm: 'Source/crm' }, streams: ['people', 'companies'] },
      ],
      destination: { name: 'lists', connector: marketoConnector, config: marketoConfig(marketo) },
      segments: [aSegment('hot', 'person.leadScore >= 80 and $exists(accounts[employees >= 1000 and industry = "Robotics"])', { activate: [anActivation('lists', { list: 'Hot' })] })],
    })
  })
  afterEach(async () => {
    await pipeline.close()
    await marketo.close()
    await salesforce.close()
  })

  it('tell of one company and its people, once each, and a segment over both finds them', async () => {
    const { organization } = salesforce
    const acme = organization.add('Account', { Name: 'Acme Corporation', NumberOfEmployees: 5000 })
    const [ada, bob, finn] = [['Ada', 'Ada@acme.example'], ['Bob', 'bob.old@acme.example'], ['Finn', 'finn@acme.example']].map(([FirstName = '', Email = '']) => organization.add('Contact', { FirstName, LastName: 'X', Email, AccountId: acme })) as [string, string, string]
    const cleo = organization.add('Lead', { FirstName: 'Cleo', LastName: 'X', Email: 'cleo@acme.example', Company: 'Acme' })
    const company = marketo.instance.addCompany({ company: 'ACME', industry: 'Robotics', externalCompanyId: acme })
    // Ada is found by her e-mail alone, Bob and Cleo by the CRM's ids: their e-mail is another one at Marketo. Dora is known to
    // Marketo alone, Finn to the CRM alone; Eve is cold.
    const atMarketo = [
      { email: 'ada@ACME.example', firstName: 'Ada' }, { email: 'bob.new@acme.example', firstName: 'Bob', sfdcType: 'Contact', sfdcContactId: bob }, { email: 'cleo.new@acme.example', firstName: 'Cleo', sfdcType: 'Lead', sfdcLeadId: cleo },
      { email: 'dora@acme.example', firstName: 'Dora' }, { email: 'eve@acme.example', firstName: 'Eve', leadScore: 10 },
    ].map((each) => `${String(marketo.instance.addLead({ leadScore: 90, lastName: 'X', contactCompany: company, ...each }))}@marketo.Marketo`)
    await pipeline.run()
    const keysOf = async (sql: ReturnType<typeof sqlText>): Promise<readonly unknown[]> => (await pipeline.store.rows<{ keys: readonly string[] }>(sql)).map((each) => [...each.keys].sort()).sort()
    assert.deepEqual(await keysOf(sqlText`select _source_keys as keys from account`), [[`${acme}@crm.Salesforce`, `${String(company)}.mkto_org@marketo.Marketo`].sort()])
    const [m1 = '', m2 = '', m3 = '', m4 = '', m5 = ''] = atMarketo
    assert.deepEqual(await keysOf(sqlText`select _source_keys as keys from person`), [[`${ada}@crm.Salesforce`, m1], [`${bob}@crm.Salesforce`, m2], [`${cleo}@crm.Salesforce`, m3], [`${finn}@crm.Salesforce`], [m4], [m5]].map((each) => each.sort()).sort())
    // The score is Marketo's, the employees are the CRM's, the industry is Marketo's.
    assert.deepEqual([...listMembers(marketo.instance, 'Hot')].sort(), ['Ada X', 'Bob X', 'Cleo X', 'Dora X'])
    assert.equal(marketo.instance.leadsCreatedByClients, 0)
  })
})
