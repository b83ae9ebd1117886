// What people write under `config:` of a Marketo source or destination, and the schemas that check it. A destination with
// `configFrom: Source/marketo` borrows the source's configuration, so its schema takes the source's options as well.
import type { JsonObject, JsonSchema } from '@cdpkit/core/sdk'
import { maxBatch, usualCalls } from './limits.js'

/** The CRM that Marketo itself is synced with: a source of the project, or how its record keys end. */
export type CrmLink = { readonly source: string } | { readonly instance: string; readonly type: string }

export interface ConnectionOptions {
  readonly munchkinId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly restUrl: string
  readonly identityUrl: string
  readonly pollMs: number
}

export interface SourceOptions extends ConnectionOptions {
  readonly crm?: CrmLink
}

export type OnDuplicate = 'lowestId' | 'latest' | 'error'
export type MatchBy = 'email' | 'ecid'

export interface DestinationOptions extends ConnectionOptions {
  readonly match: readonly MatchBy[]
  readonly onDuplicate: OnDuplicate
  readonly create: boolean
  /** The folder that new lists are made in. */
  readonly folder?: string
}

const secret = (description: string): JsonObject => ({ type: 'string', minLength: 1, 'x-secret': true, description })
const url = (description: string): JsonObject => ({ type: 'string', pattern: '^https?://[^\\s]+$', description })

const shared: JsonObject = {
  munchkinId: { type: 'string', pattern: '^[0-9]{3}-[A-Z]{3}-[0-9]{3}$', description: 'Munchkin account id of the instance: 123-ABC-456.' },
  clientId: secret('Client id of the custom service (Admin > LaunchPoint).'),
  clientSecret: secret('Client secret of the custom service.'),
  restUrl: url('REST endpoint, instead of https://<munchkinId>.mktorest.com/rest; for simulators.'),
  identityUrl: url('Identity endpoint, instead of https://<munchkinId>.mktorest.com/identity; for simulators.'),
  crm: {
    description: 'The CRM that is synced natively into this Marketo instance: its records and Marketo\'s are then known to be the same.',
    anyOf: [
      { type: 'string', pattern: '^Source/.+' },
      { type: 'object', additionalProperties: false, required: ['instance', 'type'], properties: { instance: { type: 'string', minLength: 1, description: 'Instance in the keys of its records.' }, type: { enum: ['Salesforce', 'Dynamics'], description: 'Type in the keys of its records.' } } },
    ],
  },
  hipaa: { type: 'boolean', default: false, description: 'The instance is HIPAA-ready. Adobe does not let such an instance be mapped to an organization.' },
  pollSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 3600, default: 60, description: 'Between two looks at a bulk extract. Marketo changes its state once a minute; for simulators.' },
  dailyCalls: { type: 'integer', minimum: 1000, default: usualCalls.dailyCalls, description: 'API calls a day that we may make, of those that the subscription allows.' },
  callsPer20s: { type: 'integer', minimum: 1, default: usualCalls.callsPer20s, description: 'Calls in 20 seconds that we may make; all integrations of the instance share 100.' },
  concurrentCalls: { type: 'integer', minimum: 1, default: usualCalls.concurrentCalls, description: 'Calls at once that we may make; all integrations of the instance share 10.' },
}

const ofDestinations: JsonObject = {
  match: { type: 'array', items: { enum: ['email', 'ecid'] }, minItems: 1, uniqueItems: true, default: ['email', 'ecid'], description: 'What people are found by, in this order.' },
  onDuplicate: { enum: ['lowestId', 'latest', 'error'], default: 'lowestId', description: 'Which of several people with one e-mail address is meant.' },
  create: { type: 'boolean', default: false, description: 'Create people whom Marketo does not know. Off: they are listed as not matched.' },
  folder: { type: 'string', minLength: 1, description: 'Folder of Marketo that new static lists are made in.' },
  batch: { type: 'object', additionalProperties: false, description: 'How much goes into one call.', properties: { maxRecords: { type: 'integer', minimum: 1, default: maxBatch, description: 'People in one call; Marketo takes 300.' } } },
  body: { type: 'string', description: 'JSONata that makes the attributes of a person; only with create.', 'x-jsonata': true },
}

const schemaOf = (properties: JsonObject): JsonSchema => ({ type: 'object', additionalProperties: false, required: ['munchkinId', 'clientId', 'clientSecret'], properties })

export const sourceSchema: JsonSchema = schemaOf(shared)
export const destinationSchema: JsonSchema = schemaOf({ ...shared, ...ofDestinations })

export const streamSchema: JsonSchema = {
  type: 'object', additionalProperties: false,
  properties: { lists: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1, pattern: '^[^,]+$' }, description: 'Of named-accounts: names of the lists of named accounts to read; Marketo does not tell which there are.' } },
}

export function readSourceOptions(config: JsonObject): SourceOptions {
  const crm = readCrm(config)
  return { ...readConnection(config), ...(crm === undefined ? {} : { crm }) }
}

export function readDestinationOptions(config: JsonObject): DestinationOptions {
  const written = config as { readonly match?: readonly MatchBy[]; readonly onDuplicate?: OnDuplicate; readonly create?: boolean; readonly folder?: string }
  return {
    ...readConnection(config),
    match: written.match ?? ['email', 'ecid'],
    onDuplicate: written.onDuplicate ?? 'lowestId',
    create: written.create === true,
    ...(written.folder === undefined ? {} : { folder: written.folder }),
  }
}

/** The CRM of a configuration; also asked before secrets are known. */
export function readCrm({ crm }: JsonObject): CrmLink | undefined {
  if (crm === undefined) return undefined
  return typeof crm === 'string' ? { source: crm.replace(/^Source\//, '') } : (crm as { readonly instance: string; readonly type: string })
}

function readConnection(config: JsonObject): ConnectionOptions {
  const { munchkinId, clientId, clientSecret, restUrl, identityUrl, pollSeconds } = config as Partial<ConnectionOptions> & { readonly pollSeconds?: number }
  const host = `https://${(munchkinId ?? '').toLowerCase()}.mktorest.com`
  return {
    munchkinId: munchkinId ?? '',
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    pollMs: (pollSeconds ?? 60) * 1000,
    // People paste the endpoint as Marketo shows it, which ends with /rest or /identity.
    restUrl: (restUrl ?? host).replace(/\/+$/, '').replace(/\/rest$/, ''),
    identityUrl: (identityUrl ?? restUrl ?? host).replace(/\/+$/, '').replace(/\/(?:rest|identity)$/, ''),
  }
}
