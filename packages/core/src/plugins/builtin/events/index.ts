// The built-in `events` source: what comes in by HTTP while the daemon runs (http/collect). Nothing is pulled; the connector says
// which write keys are good and how the calls of Segment's and CloudEvents' protocols are mapped where the project says nothing else.
import { type Connector, type JsonSchema, type ReadPart, type StreamSpec, defineConnector } from '../../sdk.js'
import { type Webhook, webhookOf, webhookSchema } from './webhook.js'

const secret: JsonSchema = { type: 'string', minLength: 1, 'x-secret': true }
const configSchema: JsonSchema = {
  type: 'object', minProperties: 1, additionalProperties: false,
  properties: { writeKey: { ...secret, description: 'What senders authenticate with: the user of Basic, or a Bearer token.' }, formerWriteKey: { ...secret, description: 'Still accepted, while senders are given the new one.' }, webhook: webhookSchema },
}

/** The streams of every `events` source, by the calls that feed them. */
export const collectedStreams = { events: 'events', people: 'people', accounts: 'accounts', accountPeople: 'account-people' } as const

const object: JsonSchema = { type: 'object' }

const streams: readonly StreamSpec[] = [
  {
    name: collectedStreams.events, entity: 'event', key: 'messageId', schema: object, description: 'track, page, screen and CloudEvents; identify where it ties two ids together.',
    map: {
      eventType: 'eventType', timestamp: 'timestamp', personKey: 'userId', anonymousId: 'anonymousId', email: 'email', accountKey: 'groupId',
      'web.url': 'url', 'web.page': 'path', 'web.referrer': 'referrer', properties: 'properties',
    },
  },
  {
    name: collectedStreams.people, entity: 'person', key: 'userId', schema: object, description: 'identify and alias: traits add up, call by call.',
    map: {
      email: 'traits.email', anonymousId: 'anonymousId', externalKey: 'aliasOf', firstName: 'traits.firstName', lastName: 'traits.lastName', phone: 'traits.phone', title: 'traits.title',
      companyName: 'traits.company.name', country: 'traits.address.country', city: 'traits.address.city', createdDate: 'traits.createdAt', lastUpdatedDate: 'timestamp', custom: 'traits',
    },
  },
  {
    name: collectedStreams.accounts, entity: 'account', key: 'groupId', schema: object, description: 'group: traits add up, call by call.',
    map: { name: 'traits.name', industry: 'traits.industry', employees: 'traits.employees', website: 'traits.website', phone: 'traits.phone', lastUpdatedDate: 'timestamp', custom: 'traits' },
  },
  {
    name: collectedStreams.accountPeople, entity: 'account-person', key: 'id', schema: object, description: 'group: whose call it was.',
    map: { accountKey: 'groupId', personKey: 'userId', lastUpdatedDate: 'timestamp' },
  },
]

async function* nothing(): AsyncIterable<ReadPart> {}

export const eventsConnector: Connector = defineConnector({
  name: 'events',
  title: 'Events by HTTP',
  source: {
    capabilities: { incremental: true, deletes: 'none', limits: [], continuous: true },
    defaultType: 'Events',
    configSchema,
    streamsOf: () => streams,
    open: () => ({ check: () => Promise.resolve({ ok: true }), discover: () => Promise.resolve(streams), read: nothing }),
  },
})

/** By what a sender of a source is known: a write key, or the signature of its webhooks. */
export type SenderKey = { readonly key: string } | { readonly hook: string; readonly webhook: Webhook }

/** Those of a source, by its name and its configuration, secrets resolved. */
export function senderKeysOf(name: string, config: Readonly<Record<string, unknown>>): readonly SenderKey[] {
  const webhook = webhookOf(config)
  const keys = [config['writeKey'], config['formerWriteKey']].filter((each): each is string => typeof each === 'string' && each !== '')
  return [...keys.map((key) => ({ key })), ...(webhook ? [{ hook: name, webhook }] : [])]
}
