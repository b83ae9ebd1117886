// HubSpot, source and lists, conforms against its simulator.
import { type ConformanceSetup, connectorConformance } from '../../packages/core/src/testing/index.js'
import { hubspotConnector } from '../../packages/plugin-crm/src/hubspot/connector.js'
import { clockOf } from '../simulators/clock.js'
import { startHubspot } from '../simulators/hubspot/simulator.js'
import { emailOf, person } from './people.js'

const accessToken = 'pat-eu1-conformance'
const old = { atMs: Date.parse('2026-10-01T06:00:00.000Z') }

connectorConformance(hubspotConnector, async (side): Promise<ConformanceSetup> => {
  const hubspot = await startHubspot({ accessToken })
  const contacts = [1, 2, 3].map((each) => hubspot.add('contacts', { email: emailOf(each), lastname: `Ünï ${String(each)}` }, old))
  const company = hubspot.add('companies', { name: 'Acme "GmbH"' }, old)
  const deal = hubspot.add('deals', { dealname: 'D', amount: '12.5' }, old)
  hubspot.associate('deals', deal, 'companies', company)
  hubspot.associate('deals', deal, 'contacts', contacts[0] ?? '')
  hubspot.associate('contacts', contacts[0] ?? '', 'companies', company)
  for (let each = 0; each < 250; each++) hubspot.add('contacts', { lastname: String(each) }, old)
  const config = { url: hubspot.url, accessToken: { fromEnv: 'HUBSPOT_TOKEN' } }
  const change = (): { readonly stream: string; readonly key: string } => { hubspot.update('contacts', contacts[1] ?? '', { city: 'Oslo' }); return { stream: 'contacts', key: contacts[1] ?? '' } }
  const remove = (): { readonly stream: string; readonly key: string } => { hubspot.archive('contacts', contacts[2] ?? ''); return { stream: 'contacts', key: contacts[2] ?? '' } }
  return {
    config: side === 'source' ? config : { ...config, instance: 'hub' },
    secrets: { HUBSPOT_TOKEN: accessToken },
    badConfigs: [{ config: { url: hubspot.url, accessToken: 'pat-eu1-of-nobody' }, pointer: '/accessToken' }],
    clock: clockOf(hubspot.http), server: { change, delete: remove, addText: (text) => ({ stream: 'contacts', key: hubspot.add('contacts', { lastname: text }) }) },
    known: [person(1, { sourceKeys: [`${contacts[0] ?? ''}@hub.HubSpot`] }), person(2), person(3)], refused: person(99), close: () => hubspot.close(),
  }
})
