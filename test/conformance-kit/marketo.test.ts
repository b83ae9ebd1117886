// Marketo, source and static lists, conforms against its simulator.
import { type ConformanceSetup, type TestRecord, connectorConformance } from '../../packages/core/src/testing/index.js'
import { marketoConnector } from '../../packages/plugin-marketo/src/index.js'
import { clockOf } from '../simulators/clock.js'
import { MarketoSimulator } from '../simulators/marketo/simulator.js'
import { emailOf, person } from './people.js'

const secrets = { MARKETO_ID: 'client-id-of-the-kit', MARKETO_SECRET: 'client-secret-of-the-kit' }
const dayMs = 86_400_000

connectorConformance(marketoConnector, async (): Promise<ConformanceSetup> => {
  const simulator = await new MarketoSimulator({ clients: { [secrets.MARKETO_ID]: secrets.MARKETO_SECRET } }).start()
  const people = fill(simulator)
  simulator.advance(2 * dayMs)
  const config = { munchkinId: simulator.instance.munchkinId, restUrl: `${simulator.url}/rest`, identityUrl: `${simulator.url}/identity` }
  const change = (): TestRecord => { simulator.instance.updateLead(people[1] ?? 0, { firstName: 'Changed' }); return { stream: 'people', key: String(people[1]) } }
  const remove = (): TestRecord => { simulator.instance.deleteLead(people[2] ?? 0); return { stream: 'people', key: String(people[2]) } }
  return {
    config: { ...config, clientId: { fromEnv: 'MARKETO_ID' }, clientSecret: { fromEnv: 'MARKETO_SECRET' } },
    secrets,
    badConfigs: [
      { config: { ...config, clientId: secrets.MARKETO_ID, clientSecret: 'of-nobody' }, pointer: '/clientSecret' },
      { config: { ...config, clientId: secrets.MARKETO_ID, clientSecret: secrets.MARKETO_SECRET, identityUrl: 'http://127.0.0.1:9/identity' }, pointer: '/identityUrl' },
    ],
    clock: clockOf(simulator), server: { change, delete: remove, addText: (text) => ({ stream: 'people', key: String(simulator.instance.addLead({ firstName: text })) }) },
    known: [1, 2, 3].map((each) => person(each)), refused: person(99), close: () => simulator.close(),
  }
})

/** A little of everything, over two months. */
function fill(simulator: MarketoSimulator): readonly number[] {
  const { instance } = simulator
  const people = Array.from({ length: 8 }, (_, index) => instance.addLead({ email: emailOf(index + 1), firstName: `Ünï "${String(index)}",` }, { atMs: simulator.nowMs - (60 - 5 * index) * dayMs }))
  const [first = 0, second = 0] = people
  instance.updateLead(first, { contactCompany: instance.addCompany({ company: 'Acme' }) })
  instance.addOpportunity({ externalOpportunityId: 'o-1', name: 'Deal' })
  instance.addRole('o-1', first, { role: 'Buyer', isPrimary: true })
  const program = instance.addProgram('Spring')
  for (const each of [first, second]) instance.setProgramStatus(program, each, 'Sent')
  const list = instance.addList('Press')
  for (const each of [first, second]) instance.addToList(list, each)
  return people
}
