// From changes in Salesforce to campaigns in Salesforce, through the whole pipeline: a lead that is converted while it is read, a
// contact in the recycle bin, accounts that are merged.
import assert from 'node:assert/strict'
import { sqlText } from '../../packages/core/src/kernel/sql-text.js'
import { aSegment, anActivation } from '../../packages/core/src/testing/a-project.js'
import { salesforceConnector } from '../../packages/plugin-crm/src/salesforce/connector.js'
import { campaignMembers } from '../../examples/b2b-salesforce/check/expected.js'
import { type SalesforceSimulator, startSalesforce } from '../simulators/salesforce/simulator.js'
import { Pipeline } from './pipeline.js'

describe('from a change in Salesforce to a campaign', () => {
  let salesforce: SalesforceSimulator
  let pipeline: Pipeline
  beforeEach(async () => {
    salesforce = await startSalesforce()
    const config = { loginUrl: salesforce.url, clientId: 'client', clientSecret: 'secret' }
    pipeline = await Pipeline.open({
      clock: salesforce.http,
      sources: [{ name: 'crm', connector: salesforceConnector, config, streams: ['Account', 'Contact', 'Lead'] }],
      destination: { name: 'campaigns', connector: salesforceConnector, config: { ...config, as: 'campaign', instance: 'crm' } },
      segments: [
        aSegment('large', '$exists(accounts[employees > 1000])', { activate: [anActivation('campaigns', { list: 'Large' })] }),
        aSegment('chiefs', 'person.title = "Chief"', { activate: [anActivation('campaigns', { list: 'Chiefs' })] }),
      ],
    })
  })
  afterEach(async () => {
    await pipeline.close()
    await salesforce.close()
  })
  const members = (): readonly (readonly string[])[] => ['Large', 'Chiefs'].map((each) => campaignMembers(salesforce.organization, each))
  const run = async (): Promise<void> => {
    salesforce.http.advance(20 * 60_000)
    await pipeline.run()
  }

  it('conversions, deletions and merges arrive', async () => {
    const { organization } = salesforce
    const [large, small] = [organization.add('Account', { Name: 'Large', NumberOfEmployees: 5000 }), organization.add('Account', { Name: 'Small', NumberOfEmployees: 5 })]
    const [, bob] = [['Ada', large], ['Bob', large], ['Cleo', small]].map(([FirstName = '', AccountId = '']) => organization.add('Contact', { FirstName, LastName: 'X', AccountId, Title: 'Chief' }))
    const dora = organization.add('Lead', { FirstName: 'Dora', LastName: 'X', Title: 'Chief', Company: 'Large' })
    // The contacts have been read when she becomes one.
    let contact = ''
    salesforce.http.fail({ on: 'GET /queryAll', and: ({ query }) => query.get('q')?.includes('FROM Lead') === true, do: () => { contact = organization.convert(dora, { accountId: large }); return undefined } })
    await run()
    // Her account came with the contact, which the next pass reads.
    assert.deepEqual(members(), [['Ada X', 'Bob X'], ['Ada X', 'Bob X', 'Cleo X', 'Dora X']])
    await run()
    assert.deepEqual(members(), [['Ada X', 'Bob X', 'Dora X'], ['Ada X', 'Bob X', 'Cleo X', 'Dora X']])
    assert.deepEqual(await pipeline.store.rows(sqlText`select list_sort(_source_keys) as keys from person where "firstName" = 'Dora'`), [{ keys: [`${contact}@crm.Salesforce`, `${dora}@crm.Salesforce`].sort() }])

    organization.remove(bob ?? '')
    organization.merge(large, small)
    await run()
    assert.deepEqual(members(), [['Ada X', 'Cleo X', 'Dora X'], ['Ada X', 'Cleo X', 'Dora X']])
  })
})
