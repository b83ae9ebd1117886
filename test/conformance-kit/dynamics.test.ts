// The Dynamics 365 source conforms against its simulator.
import { type ConformanceSetup, type TestRecord, connectorConformance } from '../../packages/core/src/testing/index.js'
import { dynamicsConnector } from '../../packages/plugin-crm/src/dynamics/connector.js'
import { clockOf } from '../simulators/clock.js'
import { type DynamicsSimulator, startDynamics } from '../simulators/dynamics/simulator.js'
import { emailOf } from './people.js'

const clientSecret = 'app-secret-of-the-kit'

connectorConformance(dynamicsConnector, async (): Promise<ConformanceSetup> => {
  const dynamics = await startDynamics({ clientSecret, pageRows: 3 })
  const contacts = fill(dynamics)
  dynamics.http.advance(30 * 86_400_000)
  const config = { url: dynamics.url, loginUrl: dynamics.url, tenantId: 'tenant', clientId: 'client' }
  const change = (): TestRecord => { dynamics.update('contact', contacts[1] ?? '', { jobtitle: 'CEO' }); return { stream: 'contact', key: contacts[1] ?? '' } }
  const remove = (): TestRecord => { dynamics.remove('contact', contacts[2] ?? ''); return { stream: 'contact', key: contacts[2] ?? '' } }
  return {
    config: { ...config, clientSecret: { fromEnv: 'DYN_SECRET' } },
    secrets: { DYN_SECRET: clientSecret },
    badConfigs: [{ config: { ...config, clientSecret: 'of-nobody' }, pointer: '/clientSecret' }, { config: { ...config, url: 'http://127.0.0.1:9', clientSecret }, pointer: '/url' }],
    clock: clockOf(dynamics.http), server: { change, delete: remove, addText: (text) => ({ stream: 'contact', key: dynamics.add('contact', { lastname: text }) }) }, close: () => dynamics.close(),
  }
})

function fill(dynamics: DynamicsSimulator): readonly string[] {
  const account = dynamics.add('account', { name: 'Acme "GmbH"' })
  const contacts = [1, 2, 3, 4, 5, 6, 7].map((each) => dynamics.add('contact', { emailaddress1: emailOf(each), lastname: `Ünï ${String(each)}`, parentcustomerid: `account:${account}` }))
  dynamics.add('lead', { lastname: 'Lead', companyname: 'Acme' })
  const opportunity = dynamics.add('opportunity', { name: 'Deal', customerid: `account:${account}`, estimatedvalue: 12.5 })
  dynamics.add('connection', { record1id: `opportunity:${opportunity}`, record2id: `contact:${contacts[0] ?? ''}` })
  dynamics.add('campaign', { name: 'Spring' })
  const list = dynamics.add('list', { listname: 'Press' })
  dynamics.add('listmember', { listid: `list:${list}`, entityid: `contact:${contacts[0] ?? ''}` })
  return contacts
}
