// The built-in `log` destination: a line for each record. For trying things out.
import { type Connector, type DeliveryRequest, type BatchResult, defineConnector } from '../sdk.js'

export const logConnector: Connector = defineConnector({
  name: 'log',
  title: 'Log',
  destination: {
    capabilities: { entities: ['person', 'account'], identities: ['email', 'b2b_person', 'b2b_account'], maxBatch: 1000, asyncJobs: false, idempotent: true, createsMissing: true, readBack: 'none', limits: [], defaultPayload: '{ "email": person.email, "name": account.name }' },
    governance: { party: 'first', marketingActions: [], identities: [] },
    configSchema: { type: 'object', additionalProperties: false, properties: {} },
    open: ({ log }) => {
      const write = (verb: string, { audience, items }: DeliveryRequest): Promise<BatchResult> => {
        for (const item of items) log.write('info', `${audience.list} ${verb} ${JSON.stringify(item.payload)}`)
        return Promise.resolve({ items: items.map(({ key }) => ({ key, status: 'ok' })) })
      }
      return { check: () => Promise.resolve({ ok: true }), upsert: (delivery) => write('+', delivery), remove: (delivery) => write('-', delivery) }
    },
  },
})
